import {runDoctor, type DoctorReport} from '../actions/doctor.ts';
import {openContext, requireSetup} from '../actions/open-context.ts';
import type {Context} from '../actions/context.ts';
import {countOf} from '../domain/units.ts';
import {exitCodes, UserError} from '../errors.ts';
import {readCredentials} from './read-password.ts';
import {defineCommand, type Everywhere} from './command.ts';

const marks = {
	ok: '✓', warning: '!', problem: '✗', absent: '–',
} as const;

export const doctor = defineCommand({
	arguments: [],
	options: {},
	json: '{"checks": [{name, status (ok, warning, problem or absent), message, hint}]}',
	details: ['Ends with 3 when there is a problem; warnings do not count.'],
	examples: ['holdfast doctor', 'holdfast doctor --json'],
	needs: 'nothing',
	async run({everywhere, output}) {
		const report = await runDoctor(await tryContext(everywhere));
		await output.result(report, () => describe(report));

		return report.checks.some(({status}) => status === 'problem') ? exitCodes.partial : 0;
	},
});

const tryContext = async (everywhere: Everywhere): Promise<Context | UserError> => {
	try {
		const context = await openContext({...everywhere, credentials: await readCredentials(everywhere)});
		await requireSetup(context);

		return context;
	} catch (error) {
		if (error instanceof UserError) {
			return error;
		}

		throw error;
	}
};

const describe = ({checks}: DoctorReport): string => {
	const problems = checks.filter(({status}) => status === 'problem').length;
	const warnings = checks.filter(({status}) => status === 'warning').length;
	const width = Math.max(...checks.map(({name}) => name.length));
	const lines = checks.flatMap(({name, status, message, hint}) => [
		`${marks[status]} ${name.padEnd(width)}  ${message}`,
		...(hint === null || status === 'ok' ? [] : [`${' '.repeat(width + 4)}${hint}`]),
	]);

	return [...lines, '', `${countOf(problems, 'problem')}, ${countOf(warnings, 'warning')}.`].join('\n');
};
