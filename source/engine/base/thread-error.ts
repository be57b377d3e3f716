import {UserError, type ErrorCode} from '../../errors.ts';
import type {ThreadError} from '../protocol.ts';

export const toThreadError = (error: unknown): ThreadError => {
	const {name, message, stack} = error as Error;
	const isExpected = error instanceof UserError;

	return {
		name, message, stack, code: isExpected ? error.code : undefined, hint: isExpected ? error.hint : undefined,
	};
};

/** The error as it was thrown in the other thread: a `UserError` again, or a bug with the other thread's stack. */
export const fromThreadError = ({name, message, stack, code, hint}: ThreadError): Error => {
	if (code !== undefined) {
		return new UserError(message, {code: code as ErrorCode, hint});
	}

	const own = stack === undefined ? {name} : {name, stack};

	return Object.assign(new Error(message), own);
};

/** An error in words that quote no name from disk: of what Node says about a system call, the part before the path. */
export const inShort = (error: unknown): string => {
	const {code, message} = error as NodeJS.ErrnoException;

	return code !== undefined && message.startsWith(`${code}: `) ? message.split(', ', 1)[0]! : message;
};
