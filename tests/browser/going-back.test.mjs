// From a pseudonym to a person in three hands: an analyst asks, a privacy officer allows, the neighbourhood team is told, and the person
// reads who asked, what is offered and who allowed it. The analyst learns nobody's name. And a cohort that is kept under a name.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ANALYST, CITIZEN, PRIVACY_OFFICER } from './cast.mjs';
import { borough, checkPage, PHONE, signIn } from './harness.mjs';

const house = borough();
const NURSE = /^district nurse/i;
const OFFER = 'A nurse visits each of them within a fortnight';

const press = (page, name) => page.getByRole('main').getByRole('button', { name, exact: true }).click();
const open = (page, summary) => page.getByRole('main').locator('summary').filter({ hasText: summary }).first().click();
const said = (page, words) => page.getByRole('main').getByText(words).first().waitFor();

test('an analyst asks, an officer allows, the team is told, and the person reads it', async () => {
  // Given an analyst with the rows, and pseudonyms of them
  const desk = await house.page();
  await signIn(desk, ANALYST);
  const file = await (await desk.request.get('/pseudonyms.csv?page=1')).text();
  const pseudonyms = [...new Set(file.trim().split('\n').slice(1).map((line) => line.split(',')[0]))];
  assert.ok(pseudonyms.length > 0 && pseudonyms.length <= 50, `${pseudonyms.length} people in the samples`);

  // When the analyst asks for something else than care, it is refused in words, and nothing typed is lost
  await desk.goto('/pseudonyms/requests');
  await said(desk, /Nothing yet/);
  await checkPage(desk);
  await open(desk, /^Ask that a team be told/);
  await desk.getByLabel('Which pseudonyms?').fill(pseudonyms.join('\n'));
  await desk.getByLabel(/To plan services/).check();
  await desk.getByLabel('Marple', { exact: true }).check();
  await desk.getByLabel('What will the team offer them?').fill(OFFER);
  await desk.getByLabel(/^Why these people/).fill('Four urgent contacts each since the summer');
  await press(desk, 'Ask');
  await said(desk, /A team is told who somebody is for that person.s own care/);
  assert.equal(await desk.getByLabel('What will the team offer them?').inputValue(), OFFER);
  await desk.getByLabel(/^For these people.s own care/).check();
  await press(desk, 'Ask');
  await said(desk, OFFER);
  await checkPage(desk);

  // And a privacy officer allows it without seeing a pseudonym
  const office = await house.page();
  await signIn(office, PRIVACY_OFFICER);
  await office.goto('/privacy/requests');
  await checkPage(office);
  await office.getByRole('main').getByRole('table').getByRole('link').first().click();
  await said(office, OFFER);
  for (const pseudonym of pseudonyms) assert.ok(!(await office.content()).includes(pseudonym), 'the officer sees none');
  await checkPage(office);
  await open(office, /^Allow it/);
  await office.getByLabel('Why is it right that this team is told?').fill('The offer is real, and the team has agreed to it');
  await press(office, 'Allow it');

  // Then the team is told when it opens it, and not before
  const team = await house.page(PHONE);
  await signIn(team, NURSE);
  await team.goto('/handed');
  await checkPage(team);
  await team.getByRole('main').getByRole('table').getByRole('link').first().click();
  assert.doesNotMatch(await team.content(), /Ashworth/);
  await open(team, /^Be told who they are/);
  await press(team, 'Open it');
  await said(team, /Your team is told/);
  await team.getByRole('main').getByRole('link', { name: 'Margaret Ashworth' }).waitFor();
  await checkPage(team);

  // And the person reads who asked, what for, who allowed it and who was told
  const home = await house.page(PHONE);
  await signIn(home, CITIZEN);
  await home.goto('/me/looks');
  await home.getByText(/by a pseudonym to give care/).first().waitFor();
  await home.getByText(new RegExp(OFFER)).first().waitFor();
  await checkPage(home);

  // And the analyst is told that it came about, and of nobody
  await desk.goto('/pseudonyms/requests');
  await said(desk, /fewer than 8 people/i);
  assert.doesNotMatch(await desk.content(), /Ashworth/);
  const answer = await desk.goto('/handed');
  assert.equal(answer.status(), 403);
  house.takeFaults().forEach((fault) => assert.match(fault, /403/));
});

test('a pseudonym of nobody leads nowhere, and says no more than that', async () => {
  const page = await house.page();
  await signIn(page, NURSE);
  await page.goto('/back');
  await page.getByLabel('The pseudonym').fill('0'.repeat(32));
  await page.getByLabel('Why do you need to know whose it is?').fill('She may be on my round this week');
  await press(page, 'Go to the person');
  await said(page, /leads you to nobody/);
  assert.ok(!page.url().includes('0000'), 'no pseudonym stands in an address');
  await checkPage(page);
});

test('a cohort is kept under a name and opened again with its count', async () => {
  const page = await house.page();
  await signIn(page, ANALYST);
  await page.goto('/population?register-hypertension=all');
  await open(page, /^Keep this cohort/);
  await page.getByLabel('What is it called?').fill('High blood pressure in the borough');
  await page.getByLabel(/^Why is it kept/).fill('To see who is reached by the new clinics');
  await press(page, 'Keep it');
  await page.goto('/population/cohorts');
  await checkPage(page);
  await page.getByRole('main').getByRole('link', { name: 'High blood pressure in the borough' }).first().click();
  await said(page, 'To see who is reached by the new clinics');
  await checkPage(page);
});
