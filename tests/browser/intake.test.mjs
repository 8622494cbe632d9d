// The one door takes less than a minute: what the record knows is not asked again, and what has to be typed is counted.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PERSON } from './cast.mjs';
import { banner, borough, checkPage, screenshot, signIn } from './harness.mjs';

const house = borough();
const DESK = /^care coordinator/i;
// How fast somebody types while they listen: forty words of five letters a minute; and how long a choice takes them.
const LETTERS_A_SECOND = (40 * 5) / 60;
const SECONDS_A_CHOICE = 1.5;

test('somebody rings for a person who has fallen, and the ask is sent in under a minute', async () => {
  const page = await house.page();
  await signIn(page, DESK);
  let letters = 0;
  let fields = 0;
  let choices = 0;
  const type = async (field, words) => {
    fields += 1;
    letters += words.length;
    await field.fill(words);
  };
  const choose = async (deed) => {
    choices += 1;
    await deed();
  };
  const began = performance.now();

  // Given a caller who gives a name: the person is found through the index, and nothing of who she is is typed
  await choose(() => page.goto('/asks/new'));
  await type(page.getByLabel('Name', { exact: true }), PERSON.typed);
  await choose(() => page.getByRole('button', { name: 'Find', exact: true }).click());
  const found = page.getByRole('region', { name: /found/i });
  await choose(() => found.getByRole('link', { name: PERSON.shown }).first().click());
  await page.getByRole('heading', { level: 1, name: 'Ask for help' }).waitFor();

  // Then what the record says stands beside the form, and the banner says who it is
  assert.match(await banner(page).innerText(), PERSON.family);
  await page.getByText('Do not ask for this again.').waitFor();

  // When the handler writes what is said
  await choose(() => page.getByLabel('What kind of help?').selectOption({ index: 1 }));
  await type(page.getByLabel('What happened?'), 'Fell in the kitchen, cannot get up');
  await type(page.getByLabel('What worries you?'), 'Alone and cold');
  for (const name of ['What would happen without help?', 'How soon?', 'Do they know, and agree?', 'Are they alone now?']) {
    await choose(() => page.getByRole('group', { name }).getByRole('radio').first().check());
  }
  await type(page.getByLabel('Who asks?'), 'Pat Hill');
  await type(page.getByLabel('What are they to the person?'), 'Neighbour');
  await type(page.getByLabel('Where does the answer go?'), '01632 960000');
  await choose(() => page.getByRole('button', { name: 'Send it' }).click());

  // Then the caller hears the number, and who has it
  await page.getByText(/^Sent\. Say this number/).waitFor();
  await page.getByText(/Single point of access/).first().waitFor();
  const machine = (performance.now() - began) / 1000;
  await checkPage(page);
  await screenshot(page, 'intake-sent');

  // And nothing typed was asked for twice, and all of it fits into a minute at a talking pace
  const hands = letters / LETTERS_A_SECOND + choices * SECONDS_A_CHOICE;
  console.log(
    `intake: ${fields} fields typed (${letters} letters), ${choices} choices and presses; ${hands.toFixed(0)} s of typing and choosing ` +
      `at 40 words a minute, ${machine.toFixed(1)} s as the browser did it`,
  );
  assert.ok(fields <= 6, `${fields} fields`);
  assert.ok(hands < 60, `${hands} s`);
});
