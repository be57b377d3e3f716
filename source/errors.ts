/** Why something the operator asked for did not happen. Each code has one public exit code; neither is ever renumbered. */
export type ErrorCode = 'failed' | 'usage' | 'partial' | 'refused' | 'notFound' | 'busy' | 'damaged' | 'key' | 'interrupted';

export const exitCodes: Readonly<Record<ErrorCode, number>> = {
	failed: 1,
	usage: 2,
	partial: 3,
	refused: 4,
	notFound: 5,
	busy: 6,
	damaged: 7,
	key: 8,
	interrupted: 130,
};

export type UserErrorOptions = {
	readonly code: ErrorCode;
	/** The next step, as a sentence; may quote a command. */
	readonly hint?: string | undefined;
	readonly cause?: unknown;
};

/** An expected failure: a sentence for the operator and a next step. Anything else thrown is a bug and shows its stack under `--debug`. */
export class UserError extends Error {
	override readonly name = 'UserError';
	readonly code: ErrorCode;
	readonly hint: string | undefined;

	constructor(message: string, {code, hint, cause}: UserErrorOptions) {
		super(message, cause === undefined ? undefined : {cause});
		this.code = code;
		this.hint = hint;
	}
}
