import {Lines} from '../../components/lines.tsx';
import {Menu} from '../../components/menu.tsx';
import {Screen} from '../../components/screen.tsx';
import {useBodySize} from '../../components/size.ts';
import {useMenu, type Choice} from '../../components/use-menu.ts';
import {useKeys} from '../../keys/use-keys.ts';
import {showName} from '../../look/name.ts';
import {muted} from '../../look/span.ts';
import type {AccountReference} from '../../navigation.ts';
import {useSession} from '../../session.ts';
import {errorLines} from '../../use-act.ts';
import {useLoaded} from '../../use-loaded.ts';
import {encryptionLines} from './encryption-lines.ts';
import {useEncryptionActs} from './use-encryption-acts.ts';

/** How the backups of an account are encrypted: its preference, its keys, and what can be done about them. */
export function EncryptionScreen({account}: {readonly account: AccountReference}) {
	const {data} = useSession();
	const {width} = useBodySize();
	const {value: view, error} = useLoaded('encryption', async () => data.showEncryption(account.uuid));
	const acts = useEncryptionActs(account, view);

	const choices: readonly Choice[] = [
		{
			value: 'preference', label: 'Preference', remark: view?.account.encryption.preference ?? '', choose: acts.preference,
		},
		{
			value: 'local', label: 'New local key', remark: 'kept on this server', choose: acts.local,
		},
		{
			value: 'remote', label: 'New remote key', remark: 'made here; its owner alone has the private half', choose: acts.remote,
		},
		{
			value: 'taken', label: 'Owner\'s public key', remark: 'takes in one that its owner has already', choose: acts.taken,
		},
		{
			value: 'reset', label: 'Reset key', remark: 'deletes every encrypted backup', choose: acts.reset,
		},
	];
	const menu = useMenu(choices);
	const keys = useKeys('encryption', menu.handlers);

	return (
		<Screen info={[muted(` ${showName(account.name)}`)]} keys={keys}>
			<Lines lines={[[], ...view === undefined ? (error === undefined ? [[muted('   Reading the keys ...')]] : errorLines(error)) : encryptionLines(view, width), []]} width={width}/>
			<Menu index={menu.index} items={menu.items} width={width}/>
		</Screen>
	);
}
