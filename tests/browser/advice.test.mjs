// Story S1: advice while the person is in the room. A GP presses one button, the line goes on from whoever does not answer to whoever
// does, both ends say what came of it, and nobody types anything twice. What it took is measured and printed.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GP, PERSON } from './cast.mjs';
import { banner, borough, checkPage, DESKTOP, go, openRecord, PHONE, screenshot, signIn } from './harness.mjs';

const house = borough();
const CONSULTANT = /^consultant/i;

// What a person types and presses, as it is counted.
function counting(page) {
  const typed = [];
  let presses = 0;
  return {
    typed,
    get presses() {
      return presses;
    },
    async type(field, words) {
      typed.push(words);
      await page.getByLabel(field).fill(words);
    },
    async press(locator) {
      presses += 1;
      await locator.click();
    },
  };
}

test('S1: advice while the person is in the room', async () => {
  // Given a GP with the person's record open
  const surgery = await house.page(DESKTOP);
  await signIn(surgery, GP);
  await openRecord(surgery, PERSON);
  const record = new URL(surgery.url()).pathname;
  const gp = counting(surgery);

  // And the consultant who is second on the rota, at a desk of their own
  const hospital = await house.page(PHONE);
  await signIn(hospital, CONSULTANT);
  await hospital.goto('/advice');
  const consultant = counting(hospital);

  // When the GP presses "Ask endocrinology now"
  await gp.press(surgery.getByRole('main').getByRole('link', { name: /ask a consultant/i }).first());
  await surgery.getByRole('heading', { level: 1, name: 'Ask a consultant' }).waitFor();
  await gp.press(surgery.getByLabel('Yes, they are here with me'));
  const pressed = performance.now();
  await gp.press(surgery.getByRole('button', { name: /^Ask Endocrinology and diabetes now/ }));

  // Then the page says whom it rings, and goes on to the next by itself
  await surgery.getByText(/^Ringing /).waitFor();
  const first = await surgery.getByText(/^Ringing /).innerText();
  await checkPage(surgery);
  await surgery.getByText('Ringing Dr Ewan Tarrant').waitFor({ timeout: 25_000 });
  assert.notEqual(first, 'Ringing Dr Ewan Tarrant', 'the first on the rota did not answer');
  // And whoever is rung sees it on their own page without touching it
  await hospital.getByRole('heading', { name: 'You are being rung' }).waitFor({ timeout: 5_000 });

  // And they are through
  await surgery.getByText('What came of it?').waitFor({ timeout: 25_000 });
  const connect = (performance.now() - pressed) / 1000;
  const page = await surgery.getByRole('main').innerText();
  const told = Number(page.match(/It took\s+(\d+) seconds/)?.[1]);
  assert.ok(told <= 40 && connect <= 45, `connected after ${told} s by the log, ${connect.toFixed(1)} s at the screen`);
  assert.ok(!page.includes(first.replace('Ringing ', '')), 'nobody is told who did not answer');
  assert.match(await banner(surgery).innerText(), PERSON.family);
  await checkPage(surgery);
  await screenshot(surgery, 'advice-call');

  // When the GP says what came of it: two things were promised, each once, with who does them
  await gp.press(surgery.getByLabel('Managed in practice, with tests'));
  await gp.type('What was promised', 'Bloods on Friday\nRing back with the results');
  await gp.press(surgery.getByRole('button', { name: 'Save', exact: true }));
  await surgery.getByText('The other end has not said yet').waitFor();

  // And the consultant says the same, in two presses and without a word
  await hospital.getByRole('table', { name: /outcome is yours to say/ }).waitFor({ timeout: 5_000 });
  await consultant.press(hospital.getByRole('table', { name: /outcome is yours to say/ }).getByRole('link').first());
  await consultant.press(hospital.getByLabel('Managed in practice, with tests'));
  await consultant.press(hospital.getByRole('button', { name: 'Save', exact: true }));
  await hospital.getByText('Both ends say the same').waitFor();
  await checkPage(hospital);

  // Then the GP's page says so by itself
  await surgery.getByText('Both ends say the same').waitFor({ timeout: 3_000 });
  await surgery.getByText(/Bloods on Friday; Ring back with the results/).waitFor();

  // And there is no referral and no ask, so that no clock of a referral has begun
  await surgery.goto(`${record}/asks`);
  await surgery.getByText(/^Nothing is on its way/).waitFor();
  assert.equal(await surgery.getByRole('main').locator('a[href^="/asks/0"]').count(), 0);

  // And the month's report counts one advised and none referred
  await go(surgery, 'Home');
  await surgery.goto('/advice');
  const row = surgery.getByRole('row', { name: /^Endocrinology and diabetes \d/ });
  const cells = (await row.getByRole('cell').allInnerTexts()).map((cell) => cell.trim());
  const counts = cells.filter((cell) => /^[\d–]/.test(cell));
  assert.deepEqual([counts[0], counts[1], counts[3], counts[4]], ['1', '100%', '1', '0'], counts.join(' | '));
  await surgery.getByText('No call waits for you').waitFor();

  // And nobody has typed anything twice
  const words = [...gp.typed, ...consultant.typed].flatMap((typed) => typed.split('\n'));
  assert.equal(new Set(words).size, words.length, 'something was typed twice');
  assert.equal(gp.typed.length + consultant.typed.length, 1, 'one field was typed into, once, by one of them');
  console.log(
    `S1: connected after ${told} s (${connect.toFixed(1)} s at the screen, at most 40 s); fields typed: GP ${gp.typed.length}, ` +
      `consultant ${consultant.typed.length}; presses: GP ${gp.presses}, consultant ${consultant.presses}; asks made 0; ` +
      `advised ${counts[3]}, referred ${counts[4]}, both ends equal`,
  );
});
