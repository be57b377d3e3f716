import {UserError} from '../errors.ts';
import {isMailAddress} from './mail-address.ts';
import {formatTiming, parseTiming} from './schedule.ts';
import {timeZone} from './time-zone.ts';

/** What a setting is. `parse` throws a RangeError whose message completes "it must be …". */
export type Setting<Value extends string | number | boolean> = {
	readonly type: 'text' | 'number' | 'size' | 'boolean' | 'choice';
	/** `undefined` when it depends on the machine; then `standIn` says on what. */
	readonly fallback: Value | undefined;
	readonly standIn: string | undefined;
	readonly unit: string | null;
	readonly meaning: string;
	readonly parse: (text: string) => Value;
};

/** A value that is the same everywhere, or words for one that depends on the machine. */
type Fallback<Value> = {readonly fallback: Value; readonly standIn?: never} | {readonly standIn: string; readonly fallback?: never};
type NumberOptions = Fallback<number> & {readonly meaning: string; readonly unit?: string; readonly least?: number; readonly most?: number};
type TextOptions = Fallback<string> & {readonly meaning: string; readonly isPath?: boolean; readonly pattern?: RegExp; readonly rule?: string};
type ChoiceOptions<Choice> = {readonly fallback: NoInfer<Choice>; readonly choices: readonly Choice[]; readonly meaning: string};

const sizeUnits: Readonly<Record<string, number>> = {
	b: 1, kb: 1000, mb: 1000 ** 2, gb: 1000 ** 3, tb: 1000 ** 4, kib: 1024, mib: 1024 ** 2, gib: 1024 ** 3, tib: 1024 ** 4,
};

export const numberSetting = ({fallback, standIn, meaning, unit, least = 0, most = Number.MAX_SAFE_INTEGER}: NumberOptions): Setting<number> => ({
	type: 'number',
	fallback,
	standIn,
	unit: unit ?? null,
	meaning,
	parse(text) {
		const value = Number(text);

		if (!/^\d+$/v.test(text) || value < least || value > most) {
			throw new RangeError(most === Number.MAX_SAFE_INTEGER ? `a whole number from ${least} on` : `a whole number from ${least} to ${most}`);
		}

		return value;
	},
});

export const sizeSetting = ({fallback, meaning}: {readonly fallback: number; readonly meaning: string}): Setting<number> => ({
	type: 'size',
	fallback,
	standIn: undefined,
	unit: 'bytes',
	meaning,
	parse(text) {
		const match = /^(?<number>\d+(?:\.\d+)?)\s*(?<unit>[gkmt]?i?b)?$/iv.exec(text);
		const unit = sizeUnits[(match?.groups?.unit ?? 'b').toLowerCase()];
		const value = Math.round(Number(match?.groups?.number) * (unit ?? NaN));

		if (!Number.isSafeInteger(value)) {
			throw new RangeError('a size such as 1073741824, 500MB or 1GiB');
		}

		return value;
	},
});

export const booleanSetting = ({fallback, meaning}: {readonly fallback: boolean; readonly meaning: string}): Setting<boolean> => ({
	type: 'boolean',
	fallback,
	standIn: undefined,
	unit: null,
	meaning,
	parse(text) {
		if (text === 'true' || text === 'false') {
			return text === 'true';
		}

		throw new RangeError('true or false');
	},
});

export const choiceSetting = <Choice extends string>({fallback, choices, meaning}: ChoiceOptions<Choice>): Setting<Choice> => ({
	type: 'choice',
	fallback,
	standIn: undefined,
	unit: null,
	meaning,
	parse(text) {
		const choice = choices.find(candidate => candidate === text);

		if (choice === undefined) {
			throw new RangeError(`one of ${choices.join(', ')}`);
		}

		return choice;
	},
});

export const textSetting = ({fallback, standIn, meaning, isPath = false, pattern = /^\P{Control}+$/v, rule = 'a text on one line'}: TextOptions): Setting<string> => ({
	type: 'text',
	fallback,
	standIn,
	unit: null,
	meaning,
	parse(text) {
		if (isPath && !text.startsWith('/')) {
			throw new RangeError('an absolute path');
		}

		if (!pattern.test(text)) {
			throw new RangeError(rule);
		}

		return text;
	},
});

/** Mail addresses, or `none`. */
export const addressesSetting = ({meaning}: {readonly meaning: string}): Setting<string> => ({
	type: 'text',
	fallback: 'none',
	standIn: undefined,
	unit: null,
	meaning,
	parse(text) {
		if (text !== 'none' && text.split(',').some(address => !isMailAddress(address.trim()))) {
			throw new RangeError('addresses such as admin@example.com, separated by commas, or none');
		}

		return text;
	},
});

/** An absolute path, or `system`: by the system's own program. */
export const placeSetting = ({meaning, service}: {readonly meaning: string; readonly service: string}): Setting<string> => ({
	type: 'text',
	fallback: 'system',
	standIn: undefined,
	unit: null,
	meaning: `${meaning} (by ${service})`,
	parse(text) {
		if (text !== 'system' && !/^\/\P{Control}*$/v.test(text)) {
			throw new RangeError('an absolute path, or system');
		}

		return text;
	},
});

export const timeZoneSetting = ({standIn, meaning}: {readonly standIn: string; readonly meaning: string}): Setting<string> => ({
	type: 'text',
	fallback: undefined,
	standIn,
	unit: null,
	meaning,
	parse(text) {
		try {
			return timeZone(text).name;
		} catch {
			throw new RangeError('a time zone such as Europe/Berlin');
		}
	},
});

/** When something is done by the clock, or `none`. */
export const timingSetting = ({fallback, meaning}: {readonly fallback: string; readonly meaning: string}): Setting<string> => ({
	type: 'text',
	fallback,
	standIn: undefined,
	unit: null,
	meaning,
	parse(text) {
		if (text === 'none') {
			return text;
		}

		try {
			const timing = parseTiming(text);

			if (timing.type !== 'after') {
				return formatTiming(timing);
			}
		} catch (error) {
			if (!(error instanceof UserError)) {
				throw error;
			}
		}

		throw new RangeError('a time such as daily@05:30 or weekly/sun@05:30, or none');
	},
});
