// Every page on a phone: nothing wider than the screen, nothing that axe objects to.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GP, PERSON, RECORDS_OFFICER } from './cast.mjs';
import { borough, checkPage, openRecord, PHONE, screenshot, signIn } from './harness.mjs';

const house = borough();

test('the sign-in page fits a phone', async () => {
  const page = await house.page(PHONE);
  await page.goto('/');
  await checkPage(page);
  await screenshot(page, 'phone-sign-in');
});

test('the record, its timeline and who looked fit a phone', async () => {
  // Given a GP on a visit with a phone
  const page = await house.page(PHONE);
  await signIn(page, GP);
  await checkPage(page);

  // When she opens a record
  await menu(page);
  await openRecord(page, PERSON);
  await checkPage(page);
  await screenshot(page, 'phone-record');

  // Then the banner stays in sight while she scrolls
  await page.evaluate(() => window.scrollTo(0, document.body.scrollHeight));
  const banner = await page.getByRole('region', { name: /person|patient/i }).boundingBox();
  assert.ok(banner && banner.y + banner.height > 0 && banner.y < PHONE.height, 'the banner cannot scroll away');

  // And the pages beside it fit as well
  const record = page.url();
  for (const name of [/timeline/i, /who (has )?looked/i]) {
    await page.goto(record);
    await page.getByRole('main').getByRole('link', { name }).first().click();
    await checkPage(page);
  }
});

test('every page of the menu fits a phone', async () => {
  const page = await house.page(PHONE);
  await signIn(page, RECORDS_OFFICER);
  for (const name of ['Find a person', 'Feeds', 'Quarantine', 'Neighbourhoods']) {
    await menu(page);
    await page.getByRole('link', { name, exact: true }).first().click();
    await page.getByRole('heading', { level: 1 }).waitFor();
    await checkPage(page);
  }
});

test('a page that is not there says so, on a phone too', async () => {
  const page = await house.page(PHONE);
  await signIn(page, GP);
  const answer = await page.goto('/no-such-page');
  assert.equal(answer.status(), 404);
  await checkPage(page);
  // The browser itself notes the 404 on the console.
  for (const fault of house.takeFaults()) {
    assert.match(fault, /404/);
  }
});

// On a narrow screen the navigation may fold behind a button.
async function menu(page) {
  const button = page.getByRole('button', { name: /menu|more/i });
  if ((await button.count()) && (await button.first().isVisible()) && (await button.first().getAttribute('aria-expanded')) !== 'true') {
    await button.first().click();
  }
}
