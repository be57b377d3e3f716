import {useEffect, useState} from 'react';
import type {Actor} from '../../actions/context.ts';
import {UserError} from '../../errors.ts';
import {useInterface, type Interface} from '../interface.ts';
import {showName} from '../look/name.ts';
import {mainScreens, whyNotOpen} from '../may-open.ts';
import {useSession} from '../session.ts';
import {Palette, type PaletteEntry} from './palette.tsx';

export type SessionPaletteProps = {
	/** What the screen below can do now. */
	readonly acts: readonly PaletteEntry[];
	readonly onClose: () => void;
};

/** The palette over what there is: the main screens, the acts of the screen below, every account. */
export function SessionPalette({acts, onClose}: SessionPaletteProps) {
	const terminal = useInterface();
	const {actor} = useSession();
	const accounts = useAccountEntries(terminal);

	return <Palette entries={[...placeEntries(terminal, actor), ...acts, ...accounts ?? []]} isComplete={accounts !== undefined} onClose={onClose}/>;
}

const placeEntries = ({jump}: Interface, actor: Actor): readonly PaletteEntry[] => mainScreens.filter(screen => whyNotOpen(actor, screen) === undefined).map(screen => ({
	id: `place:${screen}`,
	title: screen,
	remark: 'screen',
	run() {
		jump({screen});
	},
}));

/** `undefined` while they are being read. */
const useAccountEntries = ({jump}: Interface): readonly PaletteEntry[] | undefined => {
	const {data, end} = useSession();
	const [entries, setEntries] = useState<readonly PaletteEntry[]>();

	useEffect(() => {
		const load = async () => {
			try {
				const {accounts} = await data.listAccounts();

				setEntries(accounts.map(({uuid, name}) => ({
					id: `account:${uuid}`,
					title: showName(name),
					remark: 'account',
					run() {
						jump({screen: 'account', account: {uuid, name}});
					},
				})));
			} catch (error) {
				if (!(error instanceof UserError)) {
					end(error);
				}

				// The accounts screen says what is wrong; the palette works without them.
				setEntries([]);
			}
		};

		void load();
	}, [data, end, jump]);

	return entries;
};
