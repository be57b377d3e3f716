import {
	addRight,
	explainRight,
	flipRight,
	removeRight,
	setDefaultRight,
	showRights,
	type ChangedRights,
	type RightsView,
} from '../actions/rights.ts';
import type {Effect} from '../domain/rights.ts';
import {UserError} from '../errors.ts';
import {defineCommand, type Argument} from './command.ts';
import type {Output} from './output.ts';

const json = '{default, exceptions: [{path, effect}]}';
const userArgument = {name: 'USER', meaning: 'name of the user'} as const satisfies Argument;
const pathArgument = {name: 'PATH', meaning: 'a full path: machine!plugin:/path; it may stop after the machine, the plugin or the volume'} as const satisfies Argument;
const limits = 'There are no wildcards. An allow never reopens what a deny covers. Machines and folders that get another name need new rules; hard links and bind mounts are other paths; rights are about what is stored, not about live files.';

export const rightsShow = defineCommand({
	arguments: [userArgument],
	options: {},
	json,
	details: [limits],
	examples: ['holdfast rights show carol'],
	needs: 'setup',
	async run({context, values, output}) {
		const [name] = values;
		const rights = await showRights(context, name);
		await output.result(rights, () => describe(rights));
	},
});

export const rightsDefault = defineCommand({
	arguments: [userArgument, {name: 'EFFECT', meaning: 'allow or deny'}],
	options: {},
	json,
	examples: ['holdfast rights default carol deny'],
	needs: 'setup',
	async run({context, values, output}) {
		const [name, effect] = values;
		await tell(output, await setDefaultRight(context, name, parseEffect(effect)));
	},
});

export const rightsAllow = defineCommand({
	arguments: [userArgument, pathArgument],
	options: {},
	json,
	details: [limits],
	examples: ['holdfast rights allow carol web1!file:/home/alice/public_html', 'holdfast rights allow carol web1!mysql:/alice/alice_shop'],
	needs: 'setup',
	async run({context, values, output}) {
		const [name, path] = values;
		await tell(output, await addRight(context, name, path, 'allow'));
	},
});

export const rightsDeny = defineCommand({
	arguments: [userArgument, pathArgument],
	options: {},
	json,
	details: [limits],
	examples: ['holdfast rights deny carol web1!file:/home/alice/public_html/private'],
	needs: 'setup',
	async run({context, values, output}) {
		const [name, path] = values;
		await tell(output, await addRight(context, name, path, 'deny'));
	},
});

export const rightsFlip = defineCommand({
	arguments: [userArgument, pathArgument],
	options: {},
	json,
	examples: ['holdfast rights flip carol web1!file:/home/alice'],
	needs: 'setup',
	async run({context, values, output}) {
		const [name, path] = values;
		await tell(output, await flipRight(context, name, path));
	},
});

export const rightsRemove = defineCommand({
	arguments: [userArgument, pathArgument],
	options: {},
	json,
	examples: ['holdfast rights remove carol web1!file:/home/alice'],
	needs: 'setup',
	async run({context, values, output}) {
		const [name, path] = values;
		await tell(output, await removeRight(context, name, path));
	},
});

export const rightsExplain = defineCommand({
	arguments: [userArgument, pathArgument],
	options: {},
	json: '{path, allowed, rule: {kind (default or exception), effect, path}}',
	details: [limits],
	examples: ['holdfast rights explain carol web1!file:/home/alice/public_html/index.php'],
	needs: 'setup',
	async run({context, values, output}) {
		const [name, path] = values;
		const explained = await explainRight(context, name, path);
		const {allowed, rule} = explained;
		await output.result(explained, () => `${allowed ? 'Allowed' : 'Denied'}, by ${rule.path === null ? 'the default' : `the exception ${rule.path}`}: ${rule.effect}.`);
	},
});

const parseEffect = (text: string): Effect => {
	if (text !== 'allow' && text !== 'deny') {
		throw new UserError(`"${text}" is neither allow nor deny.`, {code: 'usage', hint: 'Write one of the two.'});
	}

	return text;
};

const tell = async (output: Output, {shadow, ...rights}: ChangedRights): Promise<void> => {
	if (shadow !== null) {
		output.note(`This allow has no effect: ${shadow} is denied.`);
	}

	await output.result(rights, () => describe(rights));
};

const describe = ({default: byDefault, exceptions}: RightsView): string => [`default  ${byDefault}`, ...exceptions.map(({path, effect}) => `${effect.padEnd(7)}  ${path}`)].join('\n');
