// A message that could not be understood waits where it can be seen, mended and played again.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RECORDS_OFFICER } from './cast.mjs';
import { borough, checkPage, screenshot, signIn } from './harness.mjs';

const house = borough();

test('every feed accounts for all that it received', async () => {
  // Given the person who minds the feeds
  const page = await house.page();
  await signIn(page, RECORDS_OFFICER);

  // When she looks at their health
  await page.getByRole('link', { name: 'Feeds' }).click();
  const rows = page.getByRole('table').first().getByRole('row').filter({ has: page.getByRole('cell') });
  assert.ok((await rows.count()) >= 3, 'several feeds are shown');

  // Then received = applied + duplicates + quarantined, on every row
  const headings = await page.getByRole('table').first().getByRole('columnheader').allInnerTexts();
  for (const row of await rows.all()) {
    const cells = await row.locator('th, td').allInnerTexts();
    const figure = (heading) => {
      const column = headings.findIndex((text) => text.trim().toLowerCase().startsWith(heading));
      assert.ok(column >= 0, `a column "${heading}"`);
      return Number(cells[column].match(/[\d,]+/)[0].replaceAll(',', ''));
    };
    assert.equal(figure('received'), figure('applied') + figure('duplicates') + figure('quarantined'), cells.join(' | '));
  }
  await checkPage(page);
  await screenshot(page, 'feeds');
});

test('a quarantined message is mended and played again, and leaves the list', async () => {
  // Given a message that waits, with its reason in words
  const page = await house.page();
  await signIn(page, RECORDS_OFFICER);
  await page.getByRole('link', { name: 'Quarantine' }).click();
  const waiting = page.getByRole('main').getByRole('row').filter({ has: page.getByRole('link') });
  const before = await waiting.count();
  assert.ok(before >= 1, 'the demo has a message in quarantine');
  await checkPage(page);
  await screenshot(page, 'quarantine');

  // When she opens the one with a wrong date and mends it
  const broken = waiting.filter({ hasText: /date/i }).first();
  await broken.getByRole('link').first().click();
  const message = page.getByRole('textbox', { name: /message/i });
  const text = await message.inputValue();
  assert.ok(text.length > 0, 'the message is shown as it came');
  await checkPage(page);
  await screenshot(page, 'quarantined-message');
  await message.fill(mended(text));
  await page.getByRole('button', { name: /replay/i }).click();

  // Then it is applied, and one fewer waits
  await page.getByRole('status').or(page.getByRole('alert')).filter({ hasText: /applied/i }).first().waitFor();
  await page.getByRole('link', { name: 'Quarantine' }).click();
  assert.equal(await waiting.count(), before - 1);
});

test('a message that is still wrong stays, with the new reason', async () => {
  // Given a message that waits
  const page = await house.page();
  await signIn(page, RECORDS_OFFICER);
  await page.getByRole('link', { name: 'Quarantine' }).click();
  const waiting = page.getByRole('main').getByRole('row').filter({ has: page.getByRole('link') });
  const before = await waiting.count();
  assert.ok(before >= 1, 'a message waits');

  // When it is "mended" into something worse
  await waiting.first().getByRole('link').first().click();
  await page.getByRole('textbox', { name: /message/i }).fill('this is no message at all');
  await page.getByRole('button', { name: /replay/i }).click();

  // Then the page says why not, and it still waits
  await page.getByRole('alert').first().waitFor();
  await page.getByRole('link', { name: 'Quarantine' }).click();
  assert.equal(await waiting.count(), before);
});

// The demo's broken message carries a thirteenth month.
function mended(text) {
  const better = text.replace(/(?<=\b\d{4}-?)13(?=-?\d{2}\b)/, '12');
  assert.notEqual(better, text, 'the wrong date is where the story looks for it');
  return better;
}
