import {defaultDestinationFolder, initialize, type Initialized} from '../actions/initialize.ts';
import {openContext} from '../actions/open-context.ts';
import {createUser} from '../actions/users.ts';
import {countOf} from '../domain/units.ts';
import {checkPassword, checkUsername} from '../domain/user.ts';
import {UserError} from '../errors.ts';
import {ask} from './ask.ts';
import {defineCommand} from './command.ts';
import {readNewPassword} from './read-password.ts';

export const init = defineCommand({
	arguments: [],
	options: {
		destination: {type: 'text', placeholder: 'DIR', meaning: 'where backups live: a new or empty folder, best on another disk; without it "vault" in the state directory'},
		'recovery-key-out': {type: 'text', placeholder: 'FILE', meaning: 'writes the recovery key to a new file instead of showing it'},
		admin: {type: 'text', placeholder: 'NAME', meaning: 'also makes a user who is an administrator, with the password of --password-file; without it root is the only one'},
		yes: {type: 'flag', meaning: 'asks nothing'},
	},
	json: '{stateDirectory, destination {id, name, type, folder}, job, accountCount, recoveryKey (null when it was written to a file), recoveryKeyFile}',
	details: ['The first job is "nightly": all accounts, all items, incremental.', 'Whatever is stored is sealed under this server\'s master key. Without the recovery key a lost server cannot be rebuilt from its backups: keep it away from this server.'],
	examples: ['holdfast init', 'holdfast init --yes --destination /mnt/backup/web1 --recovery-key-out /root/holdfast-recovery-key'],
	needs: 'nothing',
	async run({everywhere, options, output}) {
		const {yes: isSure, 'recovery-key-out': recoveryKeyFile, admin} = options;
		const password = admin === undefined ? undefined : checkPassword(await readNewPassword(everywhere.passwordFiles[0]));
		const name = admin === undefined ? undefined : checkUsername(admin);
		const destination = isSure ? options.destination : await askDestination(everywhere.stateDirectory, options.destination);
		const context = await openContext({...everywhere, isCreating: true});
		const made = await initialize(context, {destination, recoveryKeyFile});

		if (name !== undefined && password !== undefined) {
			await createUser(context, {
				name, role: 'administrator', email: null, password,
			});
		}

		if (made.problem !== null) {
			output.note(made.problem);
		}

		await output.result({
			stateDirectory: everywhere.stateDirectory,
			destination: made.destination,
			job: made.job.name,
			accountCount: made.accountCount,
			recoveryKey: recoveryKeyFile === undefined ? made.recoveryKey : null,
			recoveryKeyFile: recoveryKeyFile ?? null,
		}, () => describe(made, {stateDirectory: everywhere.stateDirectory, recoveryKeyFile}));
	},
});

const askDestination = async (stateDirectory: string, given: string | undefined): Promise<string> => {
	const destination = given ?? await ask({text: 'Where shall the backups live (a new or empty folder, best on another disk)?', fallback: defaultDestinationFolder(stateDirectory)});
	const answer = await ask({text: `State in ${stateDirectory}, backups in ${destination}. Set it up?`, fallback: 'yes'});

	if (!['y', 'yes'].includes(answer.toLowerCase())) {
		throw new UserError('Nothing was done.', {code: 'interrupted'});
	}

	return destination;
};

type Description = {readonly stateDirectory: string; readonly recoveryKeyFile: string | undefined};

const describe = ({destination, job, recoveryKey, accountCount}: Initialized, {stateDirectory, recoveryKeyFile}: Description): string => [
	'Holdfast is set up.',
	`  State        ${stateDirectory}`,
	`  Backups      ${destination.folder}`,
	`  First job    ${job.name}`,
	`  Accounts     ${countOf(accountCount, 'account')} found`,
	'',
	...(recoveryKeyFile === undefined ? ['RECOVERY KEY', '', ...recoveryKey.split('\n').map(line => `  ${line}`), ''] : [`The recovery key is in ${recoveryKeyFile}.`]),
	'Without this key a lost server cannot be rebuilt from its backups.',
	'Keep it away from this server: on paper, or in a password safe.',
	'',
	'Next: "holdfast backup create NAME" backs up an account now.',
].join('\n');
