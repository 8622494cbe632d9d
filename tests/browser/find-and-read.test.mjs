// A clinician finds a person, reads one record made of many feeds, and sees who else has looked.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CLINICAL_WORDS, GP, PERSON, SECTIONS } from './cast.mjs';
import { banner, borough, checkPage, find, go, openRecord, screenshot, signIn } from './harness.mjs';

const house = borough();

test('a GP finds a person by name and reads the record', async () => {
  // Given a GP at work
  const page = await house.page();
  await signIn(page, GP);
  await go(page, 'Find a person');
  await checkPage(page);

  // When she looks for a person by name
  const found = await find(page, PERSON.typed);

  // Then the list tells people apart, and the name is not in the address
  await found.getByRole('link', { name: PERSON.shown }).first().waitFor();
  assert.match(await found.innerText(), /\b999 \d{3} \d{4}\b/);
  assert.doesNotMatch(page.url(), PERSON.family);
  await checkPage(page);

  // And the record opens under a banner that says who it is
  await found.getByRole('link', { name: PERSON.shown }).first().click();
  await page.getByRole('heading', { level: 1, name: 'Record' }).waitFor();
  const who = await banner(page).innerText();
  assert.match(who, PERSON.family);
  assert.match(who, /\b999 \d{3} \d{4}\b/, 'the NHS number, in threes and four');
  assert.match(who, /\b\d{1,2} [A-Z][a-z]+ \d{4}\b/, 'the birth date in words');

  // And every clinical section is there, with what is known of her
  for (const section of SECTIONS) {
    await page.getByRole('heading', { name: section, exact: true }).waitFor();
  }
  const sent = await page.content();
  for (const word of CLINICAL_WORDS) {
    assert.match(sent, new RegExp(word, 'i'));
  }
  await checkPage(page);
  await screenshot(page, 'record');
});

test('every item on the record says where it came from', async () => {
  // Given a record open
  const page = await house.page();
  await signIn(page, GP);
  await openRecord(page, PERSON);

  // When she looks at the problems
  const items = await page.getByRole('region', { name: 'Problems' }).getByRole('listitem').allInnerTexts();

  // Then each names its source and its arrival
  assert.ok(items.length >= 1, 'there is a problem to look at');
  for (const text of items) {
    assert.match(text, /\S.* · arrived \S/);
  }

  // And each source says how fresh it is
  const fresh = page.getByRole('region', { name: /how fresh/i }).getByRole('row');
  assert.ok((await fresh.count()) >= 3, 'at least two sources, under a heading');
});

test('two sources that disagree stand side by side', async () => {
  // Given a person of whom two feeds say different things
  const page = await house.page();
  await signIn(page, GP);
  await openRecord(page, PERSON);

  // Then each disagreement shows both sources, what each says, and when it was written
  const differ = page.getByRole('region', { name: 'Sources say different things' });
  const first = differ.getByRole('table').first();
  assert.deepEqual(await first.getByRole('columnheader').allInnerTexts(), ['Source', 'Says', 'Written']);
  const sides = first.getByRole('row').filter({ has: page.getByRole('cell') });
  assert.ok((await sides.count()) >= 2, 'two sides');
  const said = await sides.allInnerTexts();
  assert.notEqual(said[0], said[1]);
});

test('each source on the record says how fresh it is, and a quiet record shows no warning', async () => {
  // Given feeds that have all just spoken
  const page = await house.page();
  await signIn(page, GP);
  await openRecord(page, PERSON);

  // Then each source has its state, in a word, and nothing claims to be down
  const rows = page.getByRole('region', { name: /how fresh/i }).getByRole('row').filter({ has: page.getByRole('cell') });
  for (const said of await rows.allInnerTexts()) {
    assert.match(said, /Up to date|Late|Down|No promise/);
    assert.match(said, /arrived/);
  }
  assert.equal(await page.getByText(/has sent nothing since/).count(), 0);
});

test('the timeline shows everything and can be narrowed', async () => {
  // Given a record open
  const page = await house.page();
  await signIn(page, GP);
  await openRecord(page, PERSON);

  // When she goes to the timeline
  await page.getByRole('main').getByRole('link', { name: 'Timeline', exact: true }).click();
  const main = page.getByRole('main');
  const all = await main.getByRole('listitem').filter({ hasText: 'arrived' }).count();
  assert.ok(all > 1, 'the timeline has entries');
  await checkPage(page);
  await screenshot(page, 'timeline');

  // And narrows it to one kind
  await page.getByText('Filter by source and kind').click();
  await page.getByRole('checkbox', { name: /^Allerg/ }).check();
  await page.getByRole('button', { name: 'Show these' }).click();

  // Then fewer are left, the choice stays on the screen, and it can be taken back
  await page.getByRole('link', { name: 'Clear filters' }).first().waitFor();
  const left = await main.getByRole('listitem').filter({ hasText: 'arrived' }).count();
  assert.ok(left >= 1 && left < all, `${left} of ${all} are left`);
  assert.ok(await page.getByRole('checkbox', { name: /^Allerg/ }).isChecked());
  await checkPage(page);
});

test('a long timeline is read page by page', async () => {
  // Given a timeline of more than one page
  const page = await house.page();
  await signIn(page, GP);
  await openRecord(page, PERSON);
  await page.getByRole('main').getByRole('link', { name: 'Timeline', exact: true }).click();
  const [, from, to, all] = (await page.getByText(/^Showing/).innerText()).match(/(\d+) to (\d+) of (\d+)/).map(Number);
  assert.equal(from, 1);
  assert.ok(all > to, 'there is more than one page');

  // When she goes on
  await page.getByRole('link', { name: /next/i }).click();

  // Then it goes on where the first page ended
  await page.getByText(`Showing ${to + 1} to`).waitFor();
  await checkPage(page);
});

test('a person is found by date of birth', async () => {
  // Given a date of birth, as the banner of somebody says it
  const page = await house.page();
  await signIn(page, GP);
  await go(page, 'Find a person');

  // When it is typed without a name
  for (const [label, value] of [['Day', '14'], ['Month', '3'], ['Year', '1938']]) {
    await page.getByLabel(label, { exact: true }).fill(value);
  }
  await page.getByRole('button', { name: 'Find', exact: true }).click();

  // Then she is among those found, and the address says nothing of it
  await page.getByRole('region', { name: /found/i }).getByRole('link', { name: PERSON.shown }).waitFor();
  assert.equal(new URL(page.url()).search, '');
  await checkPage(page);
});

test('every look is on the list of who looked', async () => {
  // Given a GP who has opened a record
  const page = await house.page();
  await signIn(page, GP);
  await openRecord(page, PERSON);

  // When anybody asks who looked
  await page.getByRole('main').getByRole('link', { name: 'Who looked', exact: true }).click();

  // Then her look is there, as a sentence, with its reason, marked as hers
  const own = page.getByRole('main').getByRole('listitem').filter({ hasText: '(You)' });
  const sentence = await own.filter({ hasText: /opened/i }).first().innerText();
  assert.match(sentence, /GP/);
  assert.match(sentence, /to give care|because/i);
  assert.match(sentence, /\d/);
  await checkPage(page);
});

test('a person is found by NHS number, and the number stays out of the address', async () => {
  // Given the number of a person, read from the banner
  const page = await house.page();
  await signIn(page, GP);
  await openRecord(page, PERSON);
  const [number] = (await banner(page).innerText()).match(/\b999 \d{3} \d{4}\b/);

  // When it is typed as some people type it
  await go(page, 'Find a person');
  await page.getByLabel('NHS number').fill(number.replaceAll(' ', '-'));
  await page.getByRole('button', { name: 'Find', exact: true }).click();

  // Then that one person is found (and the harness fails on a number in an address)
  const found = page.getByRole('region', { name: /found/i });
  await found.getByRole('link', { name: PERSON.shown }).waitFor();
  assert.equal(await found.getByRole('link').count(), 1);
});

test('a mistyped NHS number is refused in words, and what was typed is kept', async () => {
  // Given the find page
  const page = await house.page();
  await signIn(page, GP);
  await go(page, 'Find a person');

  // When one digit is wrong
  await page.getByLabel('NHS number').fill('999 123 4561');
  await page.getByRole('button', { name: 'Find', exact: true }).click();

  // Then the page says so, keeps the number, and nobody is shown
  await page.getByRole('alert').getByRole('link').first().waitFor();
  assert.match(await page.getByLabel('NHS number').inputValue(), /999\s?123\s?4561/);
  assert.equal(await page.getByRole('region', { name: /found/i }).getByRole('link').count(), 0);
  await checkPage(page);
});
