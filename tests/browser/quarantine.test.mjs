// A message that could not be understood waits where it can be seen, mended and played again.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RECORDS_OFFICER } from './cast.mjs';
import { borough, checkPage, go, screenshot, signIn } from './harness.mjs';

const house = borough();

// The broken row of the samples: a service that starts on a day there is none.
const WRONG = '31/02/2026';
const RIGHT = '28/02/2026';

test('every feed accounts for all that it received', async () => {
  // Given the person who minds the messages
  const page = await house.page();
  await signIn(page, RECORDS_OFFICER);

  // When she looks at the feeds
  await go(page, 'Feeds');
  const table = page.getByRole('main').getByRole('table').first();
  const headings = (await table.getByRole('columnheader').allInnerTexts()).map((text) => text.trim().toLowerCase());
  const rows = await table.locator('tbody').getByRole('row').all();
  assert.ok(rows.length >= 4, 'several feeds and their total');

  // Then received = applied + duplicates + in quarantine, on every row, and something was received
  let received = 0;
  for (const row of rows) {
    const cells = await row.locator('th, td').allInnerTexts();
    const figure = (heading) => {
      const column = headings.indexOf(heading);
      assert.ok(column >= 0, `a column "${heading}" among ${headings}`);
      return Number(cells[column].match(/[\d,]+/)[0].replaceAll(',', ''));
    };
    const whole = figure('received');
    assert.equal(whole, figure('applied') + figure('duplicates') + figure('in quarantine'), cells.join(' | '));
    received += whole;
  }
  assert.ok(received > 0, 'the demo has received messages');
  await checkPage(page);
  await screenshot(page, 'feeds');
});

test('a message that is still wrong stays, with the new reason', async () => {
  // Given a message that waits
  const page = await house.page();
  await signIn(page, RECORDS_OFFICER);
  const before = await waiting(page);
  assert.ok(before >= 1, 'a message waits');

  // When it is "mended" into something worse (one that may be read: what the law restricts is shown to nobody)
  await rows(page).filter({ hasNotText: /\blaw|\bdate/i }).first().getByRole('link').first().click();
  await replay(page, 'this is no message at all', 'nothing that helps');

  // Then the page says why not, keeps what was typed, and it still waits
  await page.getByText(/still cannot be applied/i).or(page.getByRole('alert')).first().waitFor();
  assert.match(await page.getByLabel('The message to replay').inputValue(), /no message at all/);
  await checkPage(page);
  assert.equal(await waiting(page), before);
});

test('a quarantined message is mended and played again, and leaves the list', async () => {
  // Given a message that waits, with its reason in words
  const page = await house.page();
  await signIn(page, RECORDS_OFFICER);
  const before = await waiting(page);
  await checkPage(page);

  // When she opens the one with the wrong date and mends it
  await rows(page).filter({ hasText: /social care/i }).filter({ hasText: /date/i }).first().getByRole('link').first().click();
  const text = await page.getByLabel('The message to replay').inputValue();
  assert.ok(text.includes(WRONG), 'the message is shown as it came');
  await checkPage(page);
  await screenshot(page, 'quarantine');
  await replay(page, text.replace(WRONG, RIGHT), 'the council confirmed the last day of February');

  // Then it is applied, and one fewer waits
  await page.getByRole('alert').filter({ hasText: /applied/i }).waitFor();
  await checkPage(page);
  assert.equal(await waiting(page), before - 1);
});

function rows(page) {
  return page.getByRole('main').getByRole('row').filter({ has: page.getByRole('link') });
}

// How many messages wait, by the list itself.
async function waiting(page) {
  await go(page, 'Quarantine');
  return rows(page).count();
}

async function replay(page, text, note) {
  await page.getByLabel('The message to replay').fill(text);
  await page.getByLabel(/what did you change/i).fill(note);
  await page.getByRole('button', { name: 'Fix and replay' }).click();
  await page.getByRole('heading', { level: 1 }).waitFor();
}
