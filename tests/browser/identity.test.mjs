// Two records that may be one person: seen side by side with the home around them, decided by a press or by keys, and taken back.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { IDENTITY_STEWARD } from './cast.mjs';
import { borough, checkPage, DESKTOP, go, PHONE, screenshot, signIn } from './harness.mjs';

const house = borough({ people: 2000 });

const keys = (page) => page.getByLabel('Use keys on these pages');
const note = (page) => page.getByLabel('How do you know?');
const focused = (page) => page.evaluate(() => document.activeElement.value || document.activeElement.name);

// The checks of a page are scripts themselves: a page without any is not asked to run them.
async function open(page, { scripts = true } = {}) {
  await signIn(page, IDENTITY_STEWARD);
  await go(page, 'Identity');
  if (scripts) {
    await checkPage(page);
  }
  const pairs = page.getByRole('table', { name: 'Pairs that wait' }).getByRole('link');
  assert.ok((await pairs.count()) > 1, 'the borough leaves pairs for a steward');
  await pairs.first().click();
  await page.getByRole('heading', { level: 1, name: 'Are these one person?' }).waitFor();
}

for (const size of [DESKTOP, PHONE]) {
  test(`a pair is read with the home around it, ${size.width} wide`, async () => {
    const page = await house.page(size);
    await open(page);
    await page.getByRole('heading', { name: 'Who else lives there' }).waitFor();
    await checkPage(page);
    await screenshot(page, `identity-${size.width}`, { fullPage: true });
  });
}

test('keys lead to what is still to be said, and no key decides alone', async () => {
  const page = await house.page();
  await open(page);
  const address = page.url();

  // They are off: a letter does nothing
  await page.keyboard.press('x');
  await page.keyboard.press('n');
  assert.equal(page.url(), address);

  // Switched on, a letter leads to the words that are missing
  await keys(page).check();
  await page.getByRole('heading', { level: 1 }).click();
  await page.keyboard.press('n');
  assert.equal(await focused(page), 'note');
  await page.getByRole('status').getByText(/^Not the same person: say how you know/).waitFor();
  assert.equal(page.url(), address, 'nothing is sent');

  // In the words, letters are letters
  await page.keyboard.type('jnux');
  assert.equal(await note(page).inputValue(), 'jnux');

  // And the next pair is a key and a link; the switch stays on for the tab
  await page.getByRole('heading', { level: 1 }).click();
  await page.keyboard.press('x');
  await page.waitForURL((url) => url.href !== address);
  await page.getByRole('heading', { level: 1, name: 'Are these one person?' }).waitFor();
  assert.ok(await keys(page).isChecked());

  // Ctrl and Enter beneath the words send what was chosen
  await page.keyboard.press('u');
  await page.keyboard.type('Nobody at either practice could say');
  await page.keyboard.press('Control+Enter');
  await page.getByRole('alert').filter({ hasText: /set aside until more is known/ }).waitFor();
  await checkPage(page);
});

test('without scripts there are the buttons and the link, and no word of keys', async () => {
  const page = await house.page(DESKTOP, { javaScript: false });
  await open(page, { scripts: false });
  assert.equal(await keys(page).isVisible(), false);
  await page.getByRole('link', { name: 'Next pair' }).click();
  await page.getByRole('heading', { level: 1, name: 'Are these one person?' }).waitFor();
});
