import process from 'node:process';
import {escapeText} from '../domain/raw-name.ts';
import type {UserError} from '../errors.ts';

/** Where a command says things: results on standard output, all else on standard error. */
export type Output = {
	readonly isJson: boolean;
	readonly isQuiet: boolean;
	/** The result: one JSON document under `--json`, else the text. Called once. */
	result(document: unknown, text: () => string | Promise<string>): Promise<void>;
	/** One of many: a line of JSON under `--json`, else the text. For commands that follow something. */
	event(document: unknown, text: () => string): void;
	/** Something worth knowing beside the result; nothing under `--json`, where standard error holds errors only. */
	note(sentence: string): void;
};

export const createOutput = ({isJson, isQuiet}: {readonly isJson: boolean; readonly isQuiet: boolean}): Output => ({
	isJson,
	isQuiet,
	async result(document, text) {
		writeLine(isJson ? JSON.stringify(document, undefined, '\t') : await text());
	},
	event(document, text) {
		writeLine(isJson ? JSON.stringify(document) : text());
	},
	note(sentence) {
		if (!isJson) {
			process.stderr.write(`${sentence}\n`);
		}
	},
});

/** The sentence and the next step, in which what somebody typed or a system said cannot move the cursor; or under `--json` the same as a document. */
export const formatError = ({code, message, hint}: Pick<UserError, 'code' | 'message' | 'hint'>, isJson: boolean): string =>
	isJson ? `${JSON.stringify({error: {code, message, hint: hint ?? null}})}\n` : `holdfast: ${escapeText(message)}\n${hint === undefined ? '' : `${escapeText(hint)}\n`}`;

const writeLine = (text: string): void => {
	process.stdout.write(text === '' || text.endsWith('\n') ? text : `${text}\n`);
};
