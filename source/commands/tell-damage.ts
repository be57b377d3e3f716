import process from 'node:process';
import {exitCodes, type UserError} from '../errors.ts';
import {formatError, type Output} from './output.ts';

/**
Names on standard error what is damaged or could not be read, beside a result that goes on without it.
@returns the exit code
*/
export const tellDamage = (problems: readonly UserError[], {isJson}: Pick<Output, 'isJson'>): number => {
	for (const problem of problems) {
		process.stderr.write(formatError(problem, isJson));
	}

	// Damage is told before what only failed.
	const [first] = problems.toSorted((left, right) => Number(right.code === 'damaged') - Number(left.code === 'damaged'));

	return first === undefined ? 0 : exitCodes[first.code];
};
