import {resolve} from 'node:path';
import type {EncryptionInput, EncryptionView} from '../../../actions/account-encryption.ts';
import {encryptionPreferences, type EncryptionPreference} from '../../../domain/account.ts';
import {whyNotPermitted} from '../../../domain/permissions.ts';
import {quoteArgument} from '../../../domain/quote-argument.ts';
import {toText} from '../../../domain/raw-name.ts';
import {UserError} from '../../../errors.ts';
import {useInterface} from '../../interface.ts';
import type {Handler} from '../../keys/focus-stack.ts';
import {showName} from '../../look/name.ts';
import {plain} from '../../look/span.ts';
import type {AccountReference} from '../../navigation.ts';
import {useSession} from '../../session.ts';
import {useReload} from '../../tasks/task-feed.tsx';
import {useAct} from '../../use-act.ts';
import {resetLines} from './encryption-lines.ts';

const preferences: readonly string[] = encryptionPreferences;

type EncryptionAct = 'preference' | 'local' | 'remote' | 'taken' | 'reset';

/** What can be changed about the encryption of an account. */
export const useEncryptionActs = (account: AccountReference, view: EncryptionView | undefined): Readonly<Record<EncryptionAct, Handler>> => {
	const {data, actor, server, isReadOnly, isSigningIn} = useSession();
	const {askText, confirm, enter, notify, showSecret} = useInterface();
	const reload = useReload();
	const act = useAct();
	const name = showName(account.name);
	const command = `holdfast account encryption ${quoteArgument(toText(account.name))}`;

	const change = async (input: Omit<EncryptionInput, 'account'>, sentence: string) => {
		const {wasPrivate} = await data.setEncryption({account: account.uuid, ...input});
		reload();
		notify({text: wasPrivate ? `${sentence} What was given was a private key: only its public half is kept.` : sentence, tone: wasPrivate ? 'warning' : 'good'});
	};

	const askPreference = async (current: EncryptionPreference) => {
		const typed = await askText({
			title: `Preference of ${name}`,
			hint: 'any: every job backs it up. encrypted-only: other jobs leave it out. none: no backups at all.',
			text: current,
			check: text => preferences.includes(text.trim()) ? undefined : `One of ${encryptionPreferences.join(', ')}.`,
		});

		if (typed !== undefined && typed.trim() !== current) {
			await change({preference: typed.trim() as EncryptionPreference}, `Preference of ${name}: ${typed.trim()}.`);
		}
	};

	const makeLocal = async () => {
		const isAgreed = await confirm({
			title: `A new local key for ${name} on ${server}`,
			lines: [[plain('Backups made before stay under the key they have; the next')], [plain('encrypted one stores everything anew.')]],
			act: 'make it',
			command: `${command} --key local`,
		});

		if (isAgreed) {
			await change({key: 'local'}, `${name} has a new local key.`);
		}
	};

	/** Empty: none; `undefined`: cancelled. */
	const askPassphrase = async () => {
		const passphrase = await askText({
			title: `Passphrase for the new private key of ${name}`, hint: 'Whoever has the key needs it, too. Empty: none.', text: '', isSecret: true,
		});

		return passphrase === undefined || passphrase === ''
			? passphrase
			: askText({
				title: 'The same passphrase again', hint: 'The same once more.', text: '', isSecret: true, check: text => text === passphrase ? undefined : 'The two differ.',
			});
	};

	const handOut = async (privateKey: string, file: string) => {
		if (file !== '') {
			await data.writeSecret(resolve(file), privateKey);
			return;
		}

		if (!await showSecret({title: `The private key of ${name}, shown this once: store all of it`, text: privateKey, command: `${command} --key remote`})) {
			throw new UserError('Nothing was changed: the account has the key it had.', {code: 'interrupted'});
		}
	};

	const makeRemote = async () => {
		const passphrase = await askPassphrase();
		const file = passphrase === undefined || isSigningIn
			? ''
			: await askText({
				title: `File for the private key of ${name}`, hint: 'A new file, for its owner and away from this server. Empty: it is shown here, this once.', text: '',
			});

		if (passphrase === undefined || file === undefined) {
			return;
		}

		await change({
			key: 'remote',
			...passphrase !== '' && {passphrase},
			async handOut({privateKey}) {
				await handOut(privateKey, file.trim());
			},
		}, `${name} has a new remote key.`);
	};

	const take = async () => {
		const file = await askText({title: `Public key of ${name}`, hint: 'The file with the owner\'s OpenPGP public key.', text: ''});

		if (file !== undefined && file.trim() !== '') {
			await change({key: 'remote', publicKey: await data.readPublicKeyFile(file.trim())}, `${name} has a new remote key.`);
		}
	};

	const reset = async () => {
		const preview = await data.previewReset(account.uuid);
		const isAgreed = await confirm({
			title: `Delete every encrypted backup of ${name} on ${server}`,
			lines: resetLines(preview),
			act: 'delete them for good',
			command: `holdfast account reset-key ${quoteArgument(toText(account.name))} --confirm ${quoteArgument(toText(account.name))}`,
			nameToType: name,
		});

		if (!isAgreed) {
			return;
		}

		const {id} = await data.resetKey(account.uuid, toText(account.name));
		enter({screen: 'task', task: id});
	};

	const whyNot = isReadOnly ? 'Holdfast was started read-only.' : whyNotPermitted(actor.role, 'setEncryption');
	const handler = (run: () => Promise<void>, reason?: string): Handler => whyNot ?? reason ?? (view === undefined
		? 'It is still being read.'
		: () => {
			act(run);
		});

	return {
		preference: handler(async () => askPreference(view!.account.encryption.preference)),
		local: handler(makeLocal),
		remote: handler(makeRemote),
		taken: handler(take, isSigningIn ? 'Files of the server are not for those who sign in.' : undefined),
		reset: handler(reset, view?.keys.some(({kind}) => kind === 'remote') === true ? undefined : 'Only a remote key is reset: this account has none.'),
	};
};
