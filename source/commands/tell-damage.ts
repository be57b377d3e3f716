import process from 'node:process';
import {exitCodes, type UserError} from '../errors.ts';
import {formatError, type Output} from './output.ts';

/**
Names on standard error what is damaged, beside a result that goes on without it.
@returns the exit code
*/
export const tellDamage = (problems: readonly UserError[], {isJson}: Pick<Output, 'isJson'>): number => {
	for (const problem of problems) {
		process.stderr.write(formatError(problem, isJson));
	}

	return problems.length === 0 ? 0 : exitCodes.damaged;
};
