// Signing in and out in a real browser, by a provider on another site: what cookies a browser sends after being sent back from
// elsewhere cannot be learnt without one.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { freePort, house } from '../sign-in/house.mjs';
import { startProvider } from '../sign-in/provider.mjs';
import { PHONE, borough, checkPage } from './harness.mjs';

const story = borough({ demo: false });
let weft;
let provider;
before(async () => {
  const port = await freePort();
  // `localhost` is another site than `127.0.0.1`, as a provider's is.
  provider = await startProvider(port, () => weft.address, 'localhost');
  const { issuer } = provider;
  weft = await house([{ id: 'cis2', name: 'an NHS smartcard', issuer, 'client-id': 'weft', kind: 'staff' }]);
});
after(async () => {
  await weft?.stop();
  await provider?.stop();
});

test('a GP signs in, is led to their first page, and signs out here and at the provider', async () => {
  const page = await story.page();
  provider.as('gp');
  await page.goto(weft.address);
  await checkPage(page);
  await page.getByRole('button', { name: 'Sign in with an NHS smartcard' }).click();
  await page.getByRole('heading', { level: 1, name: 'Home' }).waitFor();
  assert.equal(page.url(), `${weft.address}/`);
  await page.getByText('Dr Asha Winter, GP, Marple Bridge Surgery').waitFor();
  const kept = await page.context().cookies(weft.address);
  const session = kept.find(({ name }) => name === 'weft-session');
  assert.deepEqual([session.sameSite, session.httpOnly], ['Strict', true]);
  assert.ok(!kept.some(({ name }) => name === 'weft-sign-in'), 'nothing of the way there is left');
  await page.getByRole('button', { name: 'Sign out' }).click();
  // The provider's own page.
  await page.waitForURL((url) => url.hostname === 'localhost');
  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.getByRole('heading', { level: 1, name: 'You have been signed out' }).waitFor();
  await checkPage(page);
  await page.goto(`${weft.address}/feeds`);
  await page.getByRole('heading', { level: 1, name: 'Sign in' }).waitFor();
});

test('somebody with two roles chooses one on a phone, without JavaScript', async () => {
  const page = await story.page(PHONE, { javaScript: false });
  provider.as('both');
  await page.goto(weft.address);
  await page.getByRole('button', { name: 'Sign in with an NHS smartcard' }).click();
  await page.getByRole('heading', { level: 1, name: 'In which role are you here?' }).waitFor();
  await page.getByRole('button', { name: 'Consultant, Stockport NHS Foundation Trust' }).click();
  await page.getByRole('heading', { level: 1, name: 'Home' }).waitFor();
  assert.match(await page.content(), /Dr Ben Spring, Consultant/);
});

test('whoever has no role here is told so, and the page says nothing of them', async () => {
  const page = await story.page();
  provider.as('stranger');
  await page.goto(weft.address);
  await page.getByRole('button', { name: 'Sign in with an NHS smartcard' }).click();
  await page.getByRole('heading', { level: 1, name: 'You were not signed in' }).waitFor();
  await checkPage(page);
  assert.doesNotMatch(await page.content(), /Cleo|ZZZ99/);
  // A refused page is told to the console by Chromium itself.
  assert.equal(story.takeFaults().filter((fault) => !/403/.test(fault)).length, 0);
});
