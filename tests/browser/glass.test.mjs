// A closed record: refused in words, opened for an hour with a reason, reviewed by the privacy officer, told to the person.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CITIZEN, PERSON, PRIVACY_OFFICER, THERAPIST } from './cast.mjs';
import { banner, borough, checkPage, find, PHONE, screenshot, signIn } from './harness.mjs';

const house = borough();

test('a closed record is opened with a reason, reviewed, and told to the person', async () => {
  // Given a therapist of one neighbourhood, and somebody of another
  const ward = await house.page();
  await signIn(ward, THERAPIST);
  const found = await find(ward, 'Mohammed Rahman');

  // When the therapist opens the record
  await found.getByRole('link', { name: /rahman/i }).first().click();

  // Then the page says that it is closed, and what to do
  await ward.getByRole('heading', { level: 1, name: 'This record is closed to you' }).waitFor();
  await checkPage(ward);
  await ward.getByRole('main').getByRole('link', { name: 'Give a reason to open this record' }).click();

  // When a reason that says nothing is given, nothing opens
  await banner(ward).waitFor();
  await checkPage(ward);
  await ward.getByRole('button', { name: /^Open/ }).click();
  await ward.getByRole('heading', { name: 'There is a problem' }).waitFor();

  // When a reason is given
  await ward.getByRole('radio').first().check();
  await ward.locator('textarea[name=reason]').fill('She collapsed in our waiting room and cannot speak for herself.');
  await ward.getByRole('button', { name: /^Open/ }).click();

  // Then the record is open, and every page of it says so
  await ward.getByRole('heading', { level: 1, name: 'Record' }).waitFor();
  await ward.getByText(/closed record/i).first().waitFor();
  await checkPage(ward);
  await screenshot(ward, 'glass');

  // And the privacy officer reviews it
  const office = await house.page(PHONE);
  await signIn(office, PRIVACY_OFFICER);
  await office.goto('/privacy/glass');
  await checkPage(office);
  await office.getByRole('main').getByRole('link').filter({ hasNotText: /back/i }).first().click();
  await office.getByText(/collapsed in our waiting room/).first().waitFor();
  await checkPage(office);
  house.takeFaults().forEach((fault) => assert.match(fault, /403/));
});

test('a person chooses whether services share what they know, on a phone', async () => {
  // Given somebody at their own page
  const page = await house.page(PHONE);
  await signIn(page, CITIZEN);
  await page.getByRole('heading', { level: 1, name: PERSON.shown }).waitFor();

  // When they look at who may see their record
  await page.goto('/me/sharing');

  // Then every choice is there in plain words, and the page fits
  await page.getByRole('heading', { level: 1 }).waitFor();
  await checkPage(page);
  await screenshot(page, 'sharing');
});
