import { afterAll, describe, expect, it } from 'vitest';
import { findLastGoodCheckpoint } from '../runs/checkpoints/checkpoints.js';
import { trainAndEvaluate } from './supervised.js';
import { makeResults, runJob, smallConfig, smallTraining } from './testing/jobs.js';
import { preparePeople } from './testing/people.js';

const folders = Array.from({ length: 4 }, makeResults) as [ReturnType<typeof makeResults>, ...never[]];
afterAll(() => {
  for (const folder of folders) folder.remove();
});

const people = preparePeople({ groups: 3 });
const protocol = trainAndEvaluate(async () => people);

async function train(objective: object, at: number, stopAt?: number) {
  const config = smallConfig({
    objective,
    model: { name: 'mlp', widths: [8] },
    training: { ...smallTraining, environments: 'replacement', steps: 20, checkpoint_every: 5 },
    evaluation: { metrics: ['accuracy'], train_examples: 200, test_examples: 200, batch_size: 64 },
  });
  const { run, end } = await runJob(config, folders[at]!, {
    work: (context) => protocol.run(context),
    ...(stopAt && { stopAt: (event) => event.type === 'checkpoint' && event.step === stopAt }),
  });
  return { end, state: findLastGoodCheckpoint(run.paths.checkpoints, run.id).checkpoint!.state };
}

describe('a penalty that comes late', () => {
  const irm = { name: 'irm', strength: 30, anneal: 10 };

  it('begins the optimiser anew at its update, also where a run is taken up there', async () => {
    const whole = await train(irm, 0);
    const stopped = await train(irm, 1, 10);
    expect(stopped.end).toMatchObject({ outcome: 'interrupted', step: 10 });
    expect((await train(irm, 1)).state).toEqual(whole.state);
    expect((await train({ ...irm, restart: false }, 2)).state).not.toEqual(whole.state);
  });

  it('changes nothing before', async () => {
    const early = await train(irm, 3, 10);
    expect((await train({ ...irm, strength: 300 }, 3, 10)).state).toEqual(early.state);
  });
});
