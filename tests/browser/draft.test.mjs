// What somebody types is not lost: not by a lost connection, not by loading the page again, not by closing it. And it is kept on the
// server alone: nothing of it stays in the browser.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GP, PERSON } from './cast.mjs';
import { borough, checkPage, DESKTOP, openRecord, PHONE, screenshot, signIn } from './harness.mjs';

const house = borough();

async function form(page) {
  await signIn(page, GP);
  await openRecord(page, PERSON);
  await page.goto(`${new URL(page.url()).pathname}/asks/new`);
  await page.getByRole('heading', { level: 1, name: 'Ask for help' }).waitFor();
}

const happened = (page) => page.getByLabel('What happened?');
const saved = (page) => page.getByRole('status').getByText(/^Draft saved \d\d:\d\d$/);

for (const size of [DESKTOP, PHONE]) {
  test(`a draft saves itself and says so, ${size.width} wide`, async () => {
    const page = await house.page(size);
    await form(page);
    await happened(page).fill('She fell in the kitchen');
    await saved(page).waitFor();
    await checkPage(page);
    await screenshot(page, `draft-${size.width}`);

    // When the page is loaded again, everything is there
    await page.reload();
    assert.equal(await happened(page).inputValue(), 'She fell in the kitchen');

    // And nothing of it is kept by the browser
    const stored = await page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }]));
    assert.equal(stored, '[{},{}]');
  });
}

test('a connection lost in the middle of a form loses nothing', async () => {
  // Given somebody typing
  const page = await house.page();
  await form(page);
  await happened(page).fill('She fell');
  await saved(page).waitFor();

  // When the network goes while they type on
  await page.context().setOffline(true);
  await happened(page).fill('She fell in the kitchen and cannot get up');
  await page.getByLabel('What worries you?').fill('She is alone');
  await page.getByText('Not saved: no connection. We keep trying.').waitFor();

  // And they press "Send it": nothing is sent, and nothing is lost
  await page.getByRole('button', { name: 'Send it' }).click();
  await page.getByText(/^Not sent: no connection\. What you typed stays here\./).waitFor();
  assert.equal(await page.getByLabel('What worries you?').inputValue(), 'She is alone');

  // Then it is kept as soon as the network is back, without a press
  await page.context().setOffline(false);
  await saved(page).waitFor();
  house.takeFaults().forEach((fault) => assert.match(fault, /ERR_INTERNET_DISCONNECTED/));

  // And another window of the same person has all of it
  const other = await page.context().newPage();
  await other.goto(page.url());
  assert.equal(await happened(other).inputValue(), 'She fell in the kitchen and cannot get up');
  assert.equal(await other.getByLabel('What worries you?').inputValue(), 'She is alone');
});

test('somebody signed out meanwhile is told so, and nothing typed is thrown away', async () => {
  const page = await house.page();
  await form(page);
  await happened(page).fill('She fell');
  await saved(page).waitFor();
  const other = await page.context().newPage();
  await other.goto('/about');
  await other.getByRole('button', { name: 'Sign out' }).evaluate((button) => button.form.submit());
  await other.waitForURL('**/signed-out');
  await happened(page).fill('She fell on the stairs');
  await page.getByText(/^Not saved: you are signed out\./).waitFor();
  assert.equal(await happened(page).inputValue(), 'She fell on the stairs');
  house.takeFaults();
});
