// Every page on a phone: nothing wider than the screen, nothing that axe objects to.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GP, PERSON, RECEPTIONIST, RECORDS_OFFICER } from './cast.mjs';
import { banner, borough, checkPage, find, go, openRecord, PHONE, screenshot, signIn } from './harness.mjs';

const house = borough();

test('the open pages fit a phone', async () => {
  const page = await house.page(PHONE);
  for (const address of ['/status', '/about', '/']) {
    await page.goto(address);
    await checkPage(page);
  }
  });

test('the record, its timeline and who looked fit a phone', async () => {
  // Given a GP on a visit with a phone
  const page = await house.page(PHONE);
  await signIn(page, GP);
  await checkPage(page);

  // When she opens a record
  await openRecord(page, PERSON);
  await checkPage(page);
  await screenshot(page, 'phone');

  // Then the banner stays in sight while she scrolls
  await page.evaluate(() => window.scrollTo(0, document.body.scrollHeight));
  const box = await banner(page).boundingBox();
  assert.ok(box && box.y + box.height > 0 && box.y < PHONE.height, 'the banner cannot scroll away');

  // And the pages beside it fit as well
  const record = page.url();
  for (const name of ['Timeline', 'Who looked']) {
    await page.goto(record);
    await page.getByRole('main').getByRole('link', { name, exact: true }).click();
    await page.getByRole('heading', { level: 1 }).waitFor();
    await checkPage(page);
  }
});

test('finding somebody fits a phone', async () => {
  const page = await house.page(PHONE);
  await signIn(page, RECEPTIONIST);
  await find(page, PERSON.typed);
  await checkPage(page);
  await find(page, 'Nobodyofthisname');
  await checkPage(page);
  await openRecord(page, PERSON);
  await checkPage(page);
});

test('every page of the menu fits a phone', async () => {
  const page = await house.page(PHONE);
  await signIn(page, RECORDS_OFFICER);
  for (const name of ['Feeds', 'Quarantine', 'Neighbourhoods']) {
    await go(page, name);
    await checkPage(page);
  }
});

test('a message in quarantine and a neighbourhood fit a phone', async () => {
  const page = await house.page(PHONE);
  await signIn(page, RECORDS_OFFICER);
  for (const name of ['Quarantine', 'Neighbourhoods']) {
    await go(page, name);
    const list = page.url();
    await page.getByRole('main').getByRole('link').first().click();
    await page.getByRole('heading', { level: 1 }).waitFor();
    assert.notEqual(page.url(), list);
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
