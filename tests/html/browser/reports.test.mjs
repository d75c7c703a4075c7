// Every kind of HTML report in a real browser: nothing is asked of a network, nothing is complained of, what must be
// seen is there, pointing and zooming work, and names are text. Run by ctest, which says where everything is.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { pathToFileURL } from 'node:url';

const { REHEARSE_PROGRAM, REHEARSE_HOSTILE_REPORT, REHEARSE_SOURCE_DIR, REHEARSE_NODE_FOLDER, REHEARSE_CHROMIUM } =
  process.env;
const { chromium } = createRequire(`${REHEARSE_NODE_FOLDER}/`)('playwright-core');

// Generous: machines have other things to do.
const limit = 30_000;

let browser;
let folder;

before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'rehearse-html-'));
  browser = await chromium.launch({
    executablePath: REHEARSE_CHROMIUM,
    args: ['--no-sandbox', '--disable-dev-shm-usage'],
    timeout: 4 * limit,
  });
});

after(async () => {
  if (browser) await browser.close();
  if (folder) rmSync(folder, { recursive: true });
});

/** What rehearse writes with --html; it may end with any verdict. */
const report = (name, ...command) => {
  const file = join(folder, `${name}.html`);
  const { status, stderr } = spawnSync(REHEARSE_PROGRAM, [...command, '--html', file], {
    cwd: REHEARSE_SOURCE_DIR, encoding: 'utf8', maxBuffer: 1 << 28,
  });
  assert.ok([0, 1, 2].includes(status), `${command.join(' ')}: ${status} ${stderr}`);
  return file;
};

/** Opens a report, waits until its charts are drawn, and watches what it does. */
const open = async (file, { width = 1280, height = 900, colorScheme = 'light' } = {}) => {
  const context = await browser.newContext({ viewport: { width, height }, colorScheme });
  const page = await context.newPage();
  page.setDefaultTimeout(limit);
  const complaints = [];
  const requests = [];
  page.on('console', (message) => complaints.push(`${message.type()}: ${message.text()}`));
  page.on('pageerror', (error) => complaints.push(`error: ${error.message}`));
  page.on('request', (request) => requests.push(request.url()));
  const url = pathToFileURL(file).href;
  await page.goto(url, { timeout: 2 * limit });
  await drawn(page);
  const quiet = () => {
    assert.deepEqual(complaints, []);
    assert.deepEqual(requests.filter((one) => one !== url), []);
  };
  return { page, quiet, close: () => context.close() };
};

const drawn = (page) =>
  page.waitForFunction(() =>
    [...document.querySelectorAll('figure.chart')]
      .filter((figure) => !figure.parentElement.closest('details:not([open])'))
      .every((figure) => figure.dataset.drawn), null, { timeout: 2 * limit });

const failed = (page) => page.locator('figure.chart[data-drawn="failed"]').count();

/** Marks of a chart by what they are said to be. */
const marks = (page, chart, description) =>
  page.locator(`#${chart} svg [role="graphics-symbol"][aria-label="${description}"]`);

/** Points at a mark until it says something: what is still scrolling hides it again, as for a reader. */
const pointAt = async (page, mark) => {
  await mark.scrollIntoViewIfNeeded();
  const tip = page.locator('.tip');
  for (const end = Date.now() + limit; Date.now() < end;) {
    await page.mouse.move(0, 0);
    await mark.hover();
    if (await tip.isVisible()) return tip.textContent();
    await page.waitForTimeout(50);
  }
  throw new Error('it says nothing');
};

const shown = (page, chart) =>
  page.evaluate((id) => {
    const view = document.getElementById(id).view;
    return [view.signal('lo'), view.signal('hi')];
  }, chart);

test('a rehearsal', async (t) => {
  const { page, quiet, close } = await open(report('run', 'run', 'scenarios/node_loss.json', '--quiet'));

  await t.test('tells its verdicts first', async () => {
    assert.equal(await page.locator('h1').textContent(), 'node loss');
    assert.equal(await page.locator('section').first().getAttribute('id'), 'run1-verdicts');
    assert.equal(await page.locator('.verdicts > li').count(), 8);
    assert.equal(await page.locator('.verdicts .badge.passed').count(), 8);
  });

  await t.test('has the marks that must be there', async () => {
    assert.equal(await failed(page), 0);
    assert.ok((await marks(page, 'run1-lanes', 'off').count()) >= 1, 'SQL1 is off');
    assert.ok((await marks(page, 'run1-lanes', 'out').count()) >= 4, 'services are out');
    assert.ok((await marks(page, 'run1-phases', 'detect').count()) >= 1, 'a phase');
    assert.equal(await page.locator('#run1-queue svg').count(), 1);
    assert.ok((await page.locator('svg.drawing').count()) >= 2, 'topology and dependencies');
  });

  await t.test('says why when a bar is pointed at', async () => {
    const text = await pointAt(page, marks(page, 'run1-lanes', 'off').first());
    assert.match(text, /SQL1/);
    assert.match(text, /power/);
    assert.match(text, /\+40m00\.000s/);
  });

  await t.test('zooms by keyboard, button and drag, all charts of a run together', async () => {
    const plot = page.locator('#run1-lanes .plot');
    const first = await shown(page, 'run1-lanes');
    await plot.focus();
    await page.keyboard.press('+');
    const closer = await shown(page, 'run1-lanes');
    assert.ok(closer[0] > first[0] && closer[1] < first[1]);
    assert.deepEqual(await shown(page, 'run1-queue'), closer);
    await page.locator('#run1-lanes button[data-act="all"]').click();
    assert.deepEqual(await shown(page, 'run1-lanes'), [0, 8 * 3600 * 1000]);
    await plot.scrollIntoViewIfNeeded();
    const box = await plot.boundingBox();
    await page.mouse.move(box.x + box.width * 0.5, box.y + 120);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width * 0.7, box.y + 120, { steps: 4 });
    await page.mouse.up();
    const dragged = await shown(page, 'run1-lanes');
    assert.ok(dragged[0] > 0 && dragged[1] < 8 * 3600 * 1000 && dragged[0] < dragged[1]);
  });

  await t.test('has the whole ledger, which can be filtered', async () => {
    await page.locator('#run1-ledger summary').click();
    const rows = page.locator('#run1-parameters tbody tr');
    const all = await rows.count();
    assert.ok(all > 100);
    await page.locator('input[data-filters="run1-parameters"]').fill('regroup');
    const left = await page.locator('#run1-parameters tbody tr:not([hidden])').count();
    assert.ok(left > 0 && left < all);
  });

  await t.test('draws again when the reader turns to the dark', async () => {
    await page.emulateMedia({ colorScheme: 'dark' });
    await page.waitForFunction(() => {
      const label = document.querySelector('#run1-lanes svg .role-axis-label text');
      return label && label.getAttribute('fill') === '#e6eaee';
    });
  });

  quiet();
  await close();
});

test('a phone is wide enough', async () => {
  for (const [name, ...command] of [
    ['phone-run', 'run', 'scenarios/node_loss.json', '--quiet'],
    ['phone-check', 'check', 'scenarios/designs/expiring.json', '--date', '2027-03-01'],
  ]) {
    const { page, quiet, close } = await open(report(name, ...command), { width: 390, height: 844 });
    assert.ok((await page.evaluate(() => document.scrollingElement.scrollWidth)) <= 390, name);
    assert.equal(await failed(page), 0);
    quiet();
    await close();
  }
});

test('several rehearsals stand below a table, and are drawn when they are opened', async () => {
  const { page, quiet, close } = await open(
    report('runs', 'run', 'scenarios/node_loss.json', 'scenarios/sql_crash.json', '--quiet'));
  assert.equal(await page.locator('main > section tbody tr').count(), 2);
  assert.equal(await page.locator('figure.chart svg').count(), 0);
  await page.locator('main > section tbody tr a').nth(1).click();
  await page.locator('#run2-lanes svg').first().waitFor();
  await drawn(page);
  assert.equal(await page.locator('#run1-lanes svg').count(), 0);
  assert.equal(await failed(page), 0);
  quiet();
  await close();
});

test('names are text, whatever they are', async () => {
  const file = join(folder, 'hostile.html');
  writeFileSync(file, execFileSync(REHEARSE_HOSTILE_REPORT, { maxBuffer: 1 << 28 }));
  const { page, quiet, close } = await open(file);
  assert.equal(await failed(page), 0);
  assert.equal(await page.locator('h1').textContent(), '<b onclick="window.harmed = 1">bold</b> & </script>');
  assert.equal(await page.locator('h1 *').count(), 0);
  assert.equal(await page.locator('img').count(), 0);
  const lanes = await page.locator('#run1-lanes svg .role-axis-label text').allTextContents();
  assert.ok(lanes.some((name) => name.startsWith('<script>')), lanes.join());
  assert.ok(lanes.some((name) => name.startsWith('"]};')), lanes.join());
  const text = await pointAt(page, marks(page, 'run1-lanes', 'off').first());
  assert.match(text, /<script>window\.harmed = 'node'<\/script>/);
  assert.equal(await page.locator('.tip script').count(), 0);
  assert.equal(await page.evaluate(() => window.harmed), undefined);
  quiet();
  await close();
});

test('a check stands beside the lines of the design', async () => {
  const { page, quiet, close } = await open(
    report('check', 'check', 'scenarios/designs/expiring.json', '--date', '2027-03-01'));
  const findings = await page.locator('.finding').count();
  assert.ok(findings > 0);
  assert.equal(await page.locator('article tbody tr').count(), findings);
  const beside = page.locator('.source li.found').first();
  assert.ok((await beside.locator('.finding').count()) > 0);
  const code = await beside.locator('> code').boundingBox();
  const finding = await beside.locator('.finding').first().boundingBox();
  assert.ok(finding.x > code.x + code.width - 1, 'the finding is right of its line');
  quiet();
  await close();
});

test('faults are a heat map whose cells lead to stories', async () => {
  const { page, quiet, close } = await open(
    report('faults', 'faults', 'scenarios/designs/reference.json', '--quiet', '--without-operations'));
  assert.equal(await failed(page), 0);
  const cells = page.locator('#matrix svg [role="graphics-symbol"]');
  assert.ok((await cells.count()) > 20);
  const grave = await page.evaluate(() => {
    const rows = document.getElementById('matrix').view.data('source_0');
    return rows.find((row) => row.target !== '');
  });
  assert.ok(grave, 'a cell has a story');
  const index = await page.evaluate((target) => {
    const rows = document.getElementById('matrix').view.data('source_0');
    return rows.findIndex((row) => row.target === target);
  }, grave.target);
  await cells.nth(index).click({ force: true });
  await page.waitForFunction((id) => document.getElementById(id).open, grave.target);
  assert.ok((await page.locator(`[id="${grave.target}"] li`).count()) > 0);
  quiet();
  await close();
});

test('two designs stand side by side', async () => {
  const { page, quiet, close } = await open(
    report('diff', 'diff', 'scenarios/designs/reference.json', 'scenarios/designs/separate.json', '--quiet',
      '--without-operations', '--scenario', 'scenarios/sql_crash.json'));
  assert.equal(await failed(page), 0);
  assert.ok((await page.locator('table').first().locator('tbody tr').count()) > 0);
  assert.ok((await page.locator('.sides').count()) > 0);
  quiet();
  await close();
});

test('a study shows distributions, phases, a tornado and what varies', async () => {
  for (const [name, study, charts] of [
    ['swings', 'heartbeat_and_health', ['distribution1', 'means1', 'shares1', 'swings1', 'varied1']],
    ['varied', 'what_recovery_costs', ['distribution1', 'shares1', 'varied1']],
    ['grid', 'queue_of_a_day', ['means1', 'grid1']],
  ]) {
    const { page, quiet, close } = await open(
      report(`study-${name}`, 'study', `scenarios/studies/${study}.json`, '--replications', '40', '--quiet'));
    assert.equal(await failed(page), 0);
    for (const chart of charts) {
      assert.ok((await page.locator(`#${chart} svg [role="graphics-symbol"]`).count()) > 0, `${study}: ${chart}`);
    }
    quiet();
    await close();
  }
});

test('a rehearsal of ten thousand events opens soon', async (t) => {
  // The loss of a node in a night of many more executions than the shipped one.
  const scenarios = join(folder, 'scenarios');
  cpSync(join(REHEARSE_SOURCE_DIR, 'scenarios', 'designs'), join(scenarios, 'designs'), { recursive: true });
  cpSync(join(REHEARSE_SOURCE_DIR, 'scenarios', 'node_loss.json'), join(scenarios, 'node_loss.json'));
  const design = join(scenarios, 'designs', 'reference.json');
  const text = readFileSync(design, 'utf8');
  const larger = text.replace('"executions": 400', '"executions": 1500');
  assert.notEqual(larger, text);
  writeFileSync(design, larger);
  const file = report('large', 'run', join(scenarios, 'node_loss.json'), '--quiet');
  const begun = Date.now();
  const { page, quiet, close } = await open(file);
  const took = Date.now() - begun;
  const events = await page.evaluate(() =>
    Number([...document.querySelectorAll('dt')].find((one) => one.textContent === 'Events').nextSibling.textContent));
  t.diagnostic(`${events} events, ${statSync(file).size} bytes, open and drawn after ${took} ms`);
  assert.ok(events >= 10_000, `${events} events`);
  assert.ok(took < limit, `${took} ms`);
  assert.equal(await failed(page), 0);
  quiet();
  await close();
});
