//! The little linear algebra the gate needs, on matrices of at most a few hundred rows kept row by row. Must not know what the
//! numbers are about.

/// A matrix is not positive definite, so it is no covariance.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("row {row} of a covariance matrix leaves no variance of its own; check phi, lambda, kappa and psi of the grid")]
pub struct NotPositive {
    /// The row, from 0, at which it failed.
    pub row: usize,
}

/// The lower Cholesky factor `L` of `v` (n × n, by rows), with `L L' = V`.
///
/// # Errors
/// Where `v` is not positive definite.
pub fn cholesky(v: &[f64], n: usize) -> Result<Vec<f64>, NotPositive> {
    let mut l = vec![0.0; n * n];
    for i in 0..n {
        for j in 0..=i {
            let left = v[i * n + j] - dot(&l[i * n..i * n + j], &l[j * n..j * n + j]);
            if i == j {
                if left.is_nan() || left <= 1e-12 {
                    return Err(NotPositive { row: i });
                }
                l[i * n + i] = left.sqrt();
            } else {
                l[i * n + j] = left / l[j * n + j];
            }
        }
    }
    Ok(l)
}

/// The inverse of that factor: `W` with `W V W' = I`, lower triangular.
///
/// # Errors
/// Where `v` is not positive definite.
pub fn whitener(v: &[f64], n: usize) -> Result<Vec<f64>, NotPositive> {
    let l = cholesky(v, n)?;
    let mut w = vec![0.0; n * n];
    for i in 0..n {
        let diagonal = l[i * n + i];
        for k in 0..i {
            let factor = l[i * n + k] / diagonal;
            let (above, row) = w.split_at_mut(i * n);
            for (to, from) in row[..=k].iter_mut().zip(&above[k * n..=k * n + k]) {
                *to -= factor * from;
            }
        }
        w[i * n + i] = diagonal.recip();
    }
    Ok(w)
}

/// A least-squares problem that takes its rows in one by one: each row is turned by Givens rotations into an upper triangle,
/// and what is left of it is orthogonal to every column so far (Golub and Van Loan, *Matrix Computations*, section 5.1.8).
#[derive(Debug, Clone)]
pub struct Triangle {
    columns: usize,
    width: usize,
    r: Vec<f64>,
    q: Vec<f64>,
}

impl Triangle {
    /// An empty triangle of `columns` columns, whose rows carry `width` further numbers along.
    #[must_use]
    pub fn new(columns: usize, width: usize) -> Self {
        Self { columns, width, r: vec![0.0; columns * columns], q: vec![0.0; columns * width] }
    }

    /// Turns a row in. What is left of `carried` is the row's residual; all zero where the row went wholly into the triangle.
    pub fn take(&mut self, row: &mut [f64], carried: &mut [f64]) {
        for k in 0..self.columns {
            if row[k].abs() < 1e-12 {
                continue;
            }
            let diagonal = self.r[k * self.columns + k];
            let length = diagonal.hypot(row[k]);
            let (cosine, sine) = (diagonal / length, row[k] / length);
            let ours = &mut self.r[k * self.columns..(k + 1) * self.columns];
            rotate(&mut ours[k..], &mut row[k..], cosine, sine);
            rotate(&mut self.q[k * self.width..(k + 1) * self.width], carried, cosine, sine);
        }
    }

    /// How many columns have been seen to be independent.
    #[must_use]
    pub fn rank(&self) -> usize {
        (0..self.columns).filter(|k| self.r[k * self.columns + k].abs() > 1e-9).count()
    }

    /// The sum of the logarithms of the triangle's diagonal, which is half the logarithm of the determinant of `X'X`.
    #[must_use]
    pub fn log_diagonal(&self) -> f64 {
        (0..self.columns).map(|k| self.r[k * self.columns + k].abs().ln()).sum()
    }
}

fn rotate(ours: &mut [f64], theirs: &mut [f64], cosine: f64, sine: f64) {
    for (a, b) in ours.iter_mut().zip(theirs) {
        let (up, down) = (cosine * *a + sine * *b, cosine * *b - sine * *a);
        *a = up;
        *b = down;
    }
}

/// The product of two rows of numbers.
#[must_use]
pub fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_whitener_whitens() {
        let n = 6_usize;
        let v: Vec<f64> = (0..n * n).map(|at| 0.7_f64.powi((at / n).abs_diff(at % n) as i32)).collect();
        let w = whitener(&v, n).unwrap();
        for i in 0..n {
            for j in 0..n {
                let mut sum = 0.0;
                for a in 0..n {
                    for b in 0..n {
                        sum += w[i * n + a] * v[a * n + b] * w[j * n + b];
                    }
                }
                let expected = if i == j { 1.0 } else { 0.0 };
                assert!((sum - expected).abs() < 1e-12, "{i} {j} {sum}");
            }
        }
        assert_eq!(whitener(&[1.0, 1.0, 1.0, 1.0], 2), Err(NotPositive { row: 1 }));
    }

    #[test]
    fn what_is_left_of_the_rows_is_the_least_squares_residual() {
        // A straight line through 0, 1, 4, 9: the sum of squared residuals is 4 by hand.
        let mut triangle = Triangle::new(2, 1);
        let mut left = 0.0;
        for t in 0..4 {
            let t = f64::from(t);
            let mut carried = [t * t];
            triangle.take(&mut [1.0, t], &mut carried);
            left += carried[0] * carried[0];
        }
        assert!((left - 4.0).abs() < 1e-12);
        assert_eq!(triangle.rank(), 2);
    }
}
