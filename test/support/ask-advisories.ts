// Has anybody reported a weakness of high or critical severity in a package that we use, and do the packages bear their publishers' signatures? npm
// asks its registry. A finding fails; a registry that cannot be asked is said and does not: `node test/support/ask-advisories.ts`.

import { execFile } from 'node:child_process';
import { resolve } from 'node:path';

export interface Verdict {
  outcome: 'clean' | 'found' | 'not-asked';
  lines: string[];
}

type Json = Record<string, unknown>;
const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value);

function readJson(text: string): Json | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

const grave = ['high', 'critical'];

/** What `npm audit --json` said. Only a report is an answer: an error of the registry, half a text or silence is none. */
export function judgeAdvisories(stdout: string): Verdict {
  const report = readJson(stdout);
  const counted = isObject(report?.metadata) ? report.metadata.vulnerabilities : undefined;
  if (!report || typeof report.auditReportVersion !== 'number' || !isObject(counted) || !isObject(report.vulnerabilities)) return { outcome: 'not-asked', lines: ['Advisories could not be asked: the registry gave no report.'] };
  const found = Object.entries(report.vulnerabilities).filter(([, each]) => isObject(each) && grave.includes(String(each.severity)));
  const total = grave.reduce((sum, severity) => sum + Number(counted[severity] ?? 0), 0);
  if (found.length === 0 && total === 0) return { outcome: 'clean', lines: ['Advisories: none of high or critical severity.'] };
  return { outcome: 'found', lines: found.map(([name, each]) => `${name}: ${String((each as Json).severity)}, versions ${String((each as Json).range)}. Take another version, or none: "npm audit" says which.`) };
}

/** What `npm audit signatures --json` said: `invalid` are packages that are not what their publisher signed. */
export function judgeSignatures(stdout: string): Verdict {
  const report = readJson(stdout);
  if (!report || !Array.isArray(report.invalid) || !Array.isArray(report.missing)) return { outcome: 'not-asked', lines: ['Signatures could not be asked: the registry gave no keys.'] };
  const named = report.invalid.filter(isObject);
  if (report.invalid.length === 0) return { outcome: 'clean', lines: [`Signatures: none is wrong, ${report.missing.length} ${report.missing.length === 1 ? 'package has' : 'packages have'} none.`] };
  return { outcome: 'found', lines: named.map(({ name, version }) => `${String(name)} ${String(version)} is not what its publisher signed. Do not run it.`) };
}

const longestWait = 9000;

/** npm's answer; empty where it has none in time. npm fails where it finds something, and that is an answer too. */
const askNpm = (args: string[], folder: string): Promise<string> =>
  new Promise((answer) => {
    execFile('npm', ['audit', ...args, '--json', '--fetch-retries=0', `--fetch-timeout=${longestWait - 2000}`], { cwd: folder, timeout: longestWait, killSignal: 'SIGKILL', maxBuffer: 64 * 1024 * 1024 }, (_error, stdout) => answer(stdout));
  });

if (import.meta.main) {
  const root = resolve(import.meta.dirname, '../..');
  const [advisories, signatures] = await Promise.all([askNpm([], root), askNpm(['signatures'], root)]);
  const verdicts = [judgeAdvisories(advisories), judgeSignatures(signatures)];
  for (const { outcome, lines } of verdicts) for (const line of lines) (outcome === 'found' ? console.error : console.log)(line);
  process.exitCode = verdicts.some(({ outcome }) => outcome === 'found') ? 1 : 0;
}
