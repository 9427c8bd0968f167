import { nearestNames } from '../../config/index.js';
import { HeldoutError, HeldoutErrors } from '../../core/errors.js';

/** What a command line says of a command's own options. */
export interface CommandOptions<Key extends string> {
  /** Texts by key, as typed. */
  readonly typed: ReadonlyMap<Key, string>;
  /** The other words. */
  readonly rest: readonly string[];
  /** Notes an error, to be thrown with all others. */
  refuse(place: string, message: string, hint: string): void;
  /** Throws HeldoutErrors (exit 2) where there was any. */
  throwRefused(): void;
}

/** Takes `key=value` words of a command from a command line; a key that it has not is noted as an error. */
export function takeOptions<Key extends string>(
  command: string,
  keys: readonly Key[],
  words: readonly string[],
): CommandOptions<Key> {
  const errors: HeldoutError[] = [];
  const code = `E_${command.toUpperCase()}_OPTION`;
  const refuse = (place: string, message: string, hint: string) => {
    errors.push(new HeldoutError({ code, message, place, hints: [hint] }));
  };
  const typed = new Map<Key, string>();
  const rest: string[] = [];
  for (const word of words) {
    const [, key, value] = /^([a-z]+)=(.*)$/.exec(word) ?? [];
    const known = keys.find((one) => one === key);
    if (key === undefined || value === undefined) rest.push(word);
    else if (known !== undefined) typed.set(known, value);
    else {
      const near = nearestNames(key, keys, 1).map((name) => `did you mean ${name}=?`);
      refuse(word, `${command} has no option '${key}'`, near[0] ?? `its options are ${keys.join(', ')}`);
    }
  }
  return {
    typed,
    rest,
    refuse,
    throwRefused() {
      if (errors.length > 0) throw new HeldoutErrors(errors);
    },
  };
}
