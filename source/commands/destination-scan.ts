import type {Buffer} from 'node:buffer';
import {resolve} from 'node:path';
import type {Context} from '../actions/context.ts';
import {openContext} from '../actions/open-context.ts';
import {resolveDestination} from '../actions/resolve-destination.ts';
import {adoptDestination} from '../actions/scan/adopt-destination.ts';
import {readRecoveryKeyFile, readRecoveryKeyText} from '../actions/scan/recovery-key-input.ts';
import {scanDestination, type Scanned} from '../actions/scan/scan-destination.ts';
import {countOf} from '../domain/units.ts';
import {UserError} from '../errors.ts';
import {ask, canAsk} from './ask.ts';
import {defineCommand} from './command.ts';
import {showTime} from './show-time.ts';
import {tellDamage} from './tell-damage.ts';
import {readCredentials} from './read-password.ts';

export const destinationScan = defineCommand({
	arguments: [{name: 'DIR', meaning: 'folder of the destination; without it the one this server has', count: 'optional'}],
	options: {
		'recovery-key-file': {type: 'text', placeholder: 'F', meaning: 'file with the recovery key; "-" is standard input; without it the key is asked for where it is needed'},
	},
	json: '{destination {id, name, type, folder, scannedAt (null when it is this server\'s own)}, accountCount, backupCount, stateFrom (when the state was copied that was brought back, or null)}',
	details: [
		'Finds all backups at a destination again. On a server that is not set up yet it brings back the last state that was copied there, too: accounts, settings, jobs, tags. Then browse and restore as always.',
		'What belongs to another server stays read-only until "holdfast destination adopt". May be repeated. Ends with 7 when a backup cannot be read; the others are there.',
	],
	examples: ['holdfast destination scan /mnt/backup/web1 --recovery-key-file key.txt', 'holdfast destination scan'],
	needs: 'nothing',
	async run({everywhere, values, options, output}) {
		const [folder] = values;
		const context = await openContext({...everywhere, credentials: await readCredentials(everywhere), isCreating: folder !== undefined});
		const scanned = await scanDestination(context, {
			folder: folder === undefined ? await ownFolder(context) : resolve(folder),
			askRecoveryKey: async () => readRecoveryKey(options['recovery-key-file'], output.isJson),
		});
		const {destination, accountCount, backupCount, stateFrom} = scanned;

		await output.result({
			destination: {...destination, scannedAt: destination.scannedAt ?? null}, accountCount, backupCount, stateFrom,
		}, () => describe(scanned));

		return tellDamage(scanned.problems, output);
	},
});

export const destinationAdopt = defineCommand({
	arguments: [{name: 'NAME', meaning: 'name or id of the destination; without it the only one that waits', count: 'optional'}],
	options: {},
	json: 'the destination: id, name, type, folder',
	details: ['Makes what a scan found this server\'s own, so that it backs up there and cleans up. The server that had it before cannot open it any more; this server\'s recovery key does. A lost index is made again from the packs.'],
	examples: ['holdfast destination adopt'],
	needs: 'setup',
	async run({context, values, output}) {
		const [name] = values;
		const destination = await adoptDestination(context, name);
		await output.result(destination, () => `The destination ${destination.name} (${destination.folder}) is this server's own now.`);
	},
});

const ownFolder = async (context: Context): Promise<string> => {
	const {folder} = await resolveDestination(context);

	return folder;
};

const readRecoveryKey = async (file: string | undefined, isJson: boolean): Promise<Buffer> => {
	if (file !== undefined) {
		return readRecoveryKeyFile(file);
	}

	if (isJson || !canAsk()) {
		throw new UserError('The recovery key is needed: these backups belong to another server.', {code: 'key', hint: 'Name the file that holds it with --recovery-key-file.'});
	}

	const lines: string[] = [];

	for (let number = 1; number <= 4; number++) {
		lines.push(`${number}: ${await ask({text: `Line ${number} of the recovery key:`, fallback: ''})}`);
	}

	return readRecoveryKeyText(lines.join('\n'));
};

const describe = ({destination, accountCount, backupCount, stateFrom}: Scanned): string => [
	`${countOf(backupCount, 'backup')} of ${countOf(accountCount, 'account')} found in ${destination.folder}.`,
	...(stateFrom === null ? [] : [`The state of ${showTime(stateFrom)} was brought back: accounts, settings, jobs, tags.`]),
	...(destination.scannedAt === undefined ? [] : ['Browse and restore as always. Nothing is written there until "holdfast destination adopt" makes it this server\'s own.']),
].join('\n');
