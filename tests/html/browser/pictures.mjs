// The pictures of the README, made of reports of what ships: `./dev pictures`.
// usage: node pictures.mjs PROGRAM NODE_FOLDER CHROMIUM FOLDER
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

const [program, nodeFolder, executablePath, folder] = process.argv.slice(2);
const { chromium } = createRequire(`${resolve(nodeFolder)}/`)('playwright-core');

// What is seen: a part of a report, at most so high.
const pictures = [
  { name: 'timeline', command: ['run', 'scenarios/node_loss.json'], part: '#run1-timeline', height: 720 },
  { name: 'outages', command: ['run', 'scenarios/node_loss.json'], part: '#run1-outages', height: 415 },
  {
    name: 'study', height: 540, part: '#measure1',
    command: ['study', 'scenarios/studies/heartbeat_and_health.json', '--replications', '10240', '--quiet'],
  },
];

const work = mkdtempSync(join(tmpdir(), 'rehearse-pictures-'));
const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-dev-shm-usage'] });
try {
  mkdirSync(folder, { recursive: true });
  const page = await browser.newPage({ viewport: { width: 1000, height: 900 }, colorScheme: 'light' });
  for (const { name, command, part, height } of pictures) {
    const file = join(work, `${name}.html`);
    try {
      execFileSync(program, [...command, '--html', file], { stdio: ['ignore', 'ignore', 'inherit'] });
    } catch (error) {
      if (![1, 2].includes(error.status)) throw error;  // any verdict makes a report
    }
    await page.goto(pathToFileURL(file).href);
    const section = page.locator(part);
    await section.locator('canvas, svg').first().waitFor();
    const box = await section.boundingBox();
    await page.screenshot({
      path: join(folder, `${name}.png`), fullPage: true,
      clip: { ...box, height: Math.min(box.height, height) },
    });
  }
} finally {
  await browser.close();
  rmSync(work, { recursive: true });
}
