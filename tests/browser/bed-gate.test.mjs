// May a bed be closed? A councillor reads the answer, both sides sign, and only then may the beds go.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GP } from './cast.mjs';
import { borough, checkPage, DESKTOP, PHONE, screenshot, signIn } from './harness.mjs';

const house = borough();

// Several people have the same role: they are chosen by name.
async function signInAs(page, name) {
  await page.context().clearCookies();
  await page.goto('/');
  const card = page.getByRole('listitem').filter({ has: page.getByRole('heading', { name }) });
  await card.getByRole('button', { name: /^Sign in as/ }).click();
  await page.getByRole('button', { name: 'Sign out' }).waitFor({ state: 'attached' });
}

async function openGate(page) {
  await page.goto('/gate');
  await page.getByRole('link', { name: /twenty beds/i }).click();
  await page.getByRole('heading', { level: 1, name: /twenty beds/i }).waitFor();
}

async function press(page, summary, button) {
  await page.locator('summary').filter({ hasText: summary }).click();
  await page.getByRole('button', { name: button, exact: true }).click();
}

test('the answer can be read out, on a desk, on a phone and without signing in', async () => {
  for (const size of [DESKTOP, PHONE]) {
    const page = await house.page(size);
    await page.goto('/public/gate');
    await page.getByRole('link', { name: /twenty beds/i }).click();
    await page.getByRole('heading', { name: /may the beds be closed\? no\./i }).waitFor();
    assert.equal(await page.locator('.weft-condition').count(), 10);
    await page.locator('summary').filter({ hasText: 'What G3 rests on' }).click();
    await page.getByText('It must reach').waitFor();
    await checkPage(page);
    assert.deepEqual(await page.context().cookies(), []);
  }
});

test('both sides sign, and only then may the beds go', async () => {
  // Given the first of four who have a vote
  const page = await house.page();
  await signInAs(page, 'Alison Reddish');
  await openGate(page);
  await checkPage(page);
  await screenshot(page, 'bed-gate', { fullPage: true });

  // When each signs, the answer is no until the last of them has
  for (const [name, side] of [
    ['Alison Reddish', 'commissioners'],
    ['Cllr Martin Hale', 'commissioners'],
    ['Sunita Rao', 'providers'],
    ['Peter Lomas', 'providers'],
  ]) {
    await signInAs(page, name);
    await openGate(page);
    await page.getByRole('heading', { name: /may the beds be closed\? no\./i }).waitFor();
    assert.equal(await page.locator('summary').filter({ hasText: 'Let the beds go' }).count(), 0);
    await press(page, `Sign for the ${side}`, 'Sign this look');
    await page.getByText('Your signature is under this look.').waitFor();
  }

  // Then it is yes, and one of them lets the beds go
  await page.getByRole('heading', { name: /may the beds be closed\? yes\./i }).waitFor();
  await press(page, 'Let the beds go', 'Let them go');
  await page.getByRole('heading', { name: /they have gone/i }).waitFor();
  await checkPage(page);
});

test('measures and challenges are drawn, said in words, and have their numbers behind a press', async () => {
  for (const size of [DESKTOP, PHONE]) {
    const page = await house.page(size);
    await signIn(page, GP);
    await page.goto('/measures');
    await checkPage(page);
    await page.getByRole('link', { name: 'Emergency admissions of people of 65 and over' }).first().click();
    await page.getByRole('img', { name: /Emergency admissions of people of 65 and over/ }).first().waitFor();
    await page.locator('summary').filter({ hasText: 'The numbers behind this chart' }).first().click();
    await checkPage(page);
    await page.goto('/challenges');
    await checkPage(page);
    await page.getByRole('link', { name: /advice within minutes/i }).click();
    await checkPage(page);
  }
});
