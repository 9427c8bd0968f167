import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { composeStudy, loadSettings } from '../config/index.js';
import { HeldoutError } from '../core/errors.js';
import { projectRoot } from '../core/files/paths.js';
import { buildPlan, writePlan } from '../sweeps/plan.js';
import { findPlan, listPlans, tryPlan } from './find-plan.js';
import { resultsFolder } from './output/results.js';

let results = '';
beforeEach(() => {
  results = mkdtempSync(join(tmpdir(), 'heldout-plans-'));
});
afterEach(() => rmSync(results, { recursive: true }));

const study = (...overrides: string[]) =>
  composeStudy({ settings: loadSettings(projectRoot()), overrides, env: { PLACE: results } });

it('passes over folders without a plan, and a damaged plan hides no other', () => {
  const config = { study: { name: 'good', alias: ['nice'] }, protocol: { name: 'reference' } };
  const job = { axes: {}, protocol: 'reference', config, composed: {}, overrides: [], provenance: {} };
  writePlan(results, buildPlan('good', 'good', [job]));
  mkdirSync(join(results, 'sweeps', 'empty'));
  mkdirSync(join(results, 'sweeps', 'bad'));
  writeFileSync(join(results, 'sweeps', 'bad', 'plan.jsonl'), '{');
  expect(listPlans(results)).toEqual(['bad', 'good']);
  expect(tryPlan(results, 'bad')).toMatchObject({ code: 'E_PLAN_DAMAGED' });
  expect(findPlan(results, 'nice').name).toBe('good');
  expect(() => findPlan(results, 'bad')).toThrow(HeldoutError);
});

it('reads the results folder as it is resolved', () => {
  expect(resultsFolder(study(`paths.results=\${oc.env:PLACE}/deep`))).toBe(join(results, 'deep'));
  expect(() => resultsFolder(study(`paths.results=\${oc.env:NOWHERE}`))).toThrow(/NOWHERE/);
});
