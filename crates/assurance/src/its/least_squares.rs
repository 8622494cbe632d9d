//! Least squares by Householder reflections, for tables of some hundred rows and few columns. Must say which column is redundant
//! instead of answering with noise.

use super::FitError;

/// A solved least-squares problem.
pub(super) struct LeastSquares {
    estimates: Vec<f64>,
    residuals: Vec<f64>,
    /// R⁻¹, by rows: the inverse of X'X is it times its transpose.
    back: Vec<Vec<f64>>,
    degrees: f64,
}

/// A column whose part that is new is smaller than this share of it says nothing new.
const NEW: f64 = 1e-10;

impl LeastSquares {
    /// Columns of equal length, as many names, one outcome.
    pub(super) fn fit(columns: &[Vec<f64>], terms: &[String], outcome: &[f64]) -> Result<Self, FitError> {
        let (rows, count) = (outcome.len(), columns.len());
        if rows <= count {
            return Err(FitError::TooFew { observations: rows, terms: count });
        }
        let mut work: Vec<Vec<f64>> = columns.to_vec();
        let mut right = outcome.to_vec();
        for place in 0..count {
            let whole = norm(&work[place]);
            let rest = norm(&work[place][place..]);
            if rest.is_nan() || rest <= NEW * whole {
                return Err(FitError::Redundant { term: terms.get(place).cloned().unwrap_or_default() });
            }
            // The reflection that takes the rest of this column onto its first element.
            let mut axis: Vec<f64> = work[place][place..].to_vec();
            let onto = if axis[0] > 0.0 { -rest } else { rest };
            axis[0] -= onto;
            let length: f64 = axis.iter().map(|each| each * each).sum();
            for column in work[place..].iter_mut().chain(std::iter::once(&mut right)) {
                let along: f64 = axis.iter().zip(&column[place..]).map(|(a, b)| a * b).sum();
                for (each, axis) in column[place..].iter_mut().zip(&axis) {
                    *each -= 2.0 * along / length * axis;
                }
            }
        }
        let mut back = vec![vec![0.0; count]; count];
        for column in 0..count {
            back[column][column] = 1.0 / work[column][column];
            for row in (0..column).rev() {
                let sum: f64 = (row + 1..=column).map(|k| work[k][row] * back[k][column]).sum();
                back[row][column] = -sum / work[row][row];
            }
        }
        let estimates: Vec<f64> =
            back.iter().map(|row| row.iter().zip(&right).map(|(each, right)| each * right).sum()).collect();
        let residuals = (0..rows)
            .map(|t| outcome[t] - columns.iter().zip(&estimates).map(|(column, b)| column[t] * b).sum::<f64>())
            .collect();
        Ok(Self { estimates, residuals, back, degrees: (rows - count) as f64 })
    }

    pub(super) fn estimates(&self) -> &[f64] {
        &self.estimates
    }

    pub(super) fn residuals(&self) -> &[f64] {
        &self.residuals
    }

    /// Rows less columns.
    pub(super) fn degrees(&self) -> f64 {
        self.degrees
    }

    /// The sum of the residuals' squares.
    pub(super) fn squares(&self) -> f64 {
        self.residuals.iter().map(|residual| residual * residual).sum()
    }

    /// The inverse of X'X.
    pub(super) fn inverse(&self) -> Vec<Vec<f64>> {
        let product = |one: &Vec<f64>, two: &Vec<f64>| one.iter().zip(two).map(|(a, b)| a * b).sum();
        self.back.iter().map(|one| self.back.iter().map(|two| product(one, two)).collect()).collect()
    }

    /// Its diagonal.
    pub(super) fn inverse_diagonal(&self) -> Vec<f64> {
        self.back.iter().map(|row| row.iter().map(|each| each * each).sum()).collect()
    }
}

fn norm(values: &[f64]) -> f64 {
    values.iter().map(|value| value * value).sum::<f64>().sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn terms(count: usize) -> Vec<String> {
        (0..count).map(|term| format!("x{term}")).collect()
    }

    #[test]
    fn a_redundant_column_is_named() {
        let columns = [vec![1.0; 5], vec![1.0, 2.0, 3.0, 4.0, 5.0], vec![3.0, 5.0, 7.0, 9.0, 11.0]];
        let error = LeastSquares::fit(&columns, &terms(3), &[1.0; 5]).err();
        assert_eq!(error, Some(FitError::Redundant { term: "x2".to_owned() }));
        let error = LeastSquares::fit(&columns[..1], &terms(1), &[1.0]).err();
        assert_eq!(error, Some(FitError::TooFew { observations: 1, terms: 1 }));
    }

    proptest! {
        // The defining property: what is left is at right angles to every column.
        #[test]
        fn residuals_are_at_right_angles_to_the_columns(numbers in prop::collection::vec(-10.0f64..10.0, 48)) {
            let columns: Vec<Vec<f64>> = numbers[..36].chunks(12).map(<[f64]>::to_vec).collect();
            if let Ok(fitted) = LeastSquares::fit(&columns, &terms(3), &numbers[36..]) {
                for column in &columns {
                    let product: f64 = column.iter().zip(fitted.residuals()).map(|(a, b)| a * b).sum();
                    prop_assert!(product.abs() < 1e-8 * norm(column) * norm(&numbers[36..]).max(1.0));
                }
                let inverse = fitted.inverse();
                for (place, row) in inverse.iter().enumerate() {
                    prop_assert!((row[place] - fitted.inverse_diagonal()[place]).abs() <= 1e-12 * row[place].abs());
                }
            }
        }
    }
}
