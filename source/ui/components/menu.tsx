import SelectInput from 'ink-select-input';
import {Text} from 'ink';
import {fit, widthOf} from '../look/fit.ts';
import {paint} from '../look/span.ts';
import {marker} from './table.ts';

export type MenuItem = {
	readonly value: string;
	readonly label: string;
	/** Behind the label: what it is about, or why it cannot be chosen now. */
	readonly remark: string;
	readonly isUnavailable?: boolean;
	/** There is nothing behind it. */
	readonly isMuted?: boolean;
};

export type MenuProps = {
	readonly items: readonly MenuItem[];
	/** The focused one; none when the focus is elsewhere. */
	readonly index: number | undefined;
	readonly width: number;
};

const nowhere = -1;
const labelWidth = 26;

/**
A short menu of safe choices. It draws only: `ink-select-input` would hear keys under a dialog, lose those that arrive together and fire on digits, so
the screen's keymap moves it.
*/
export function Menu({items, index = nowhere, width}: MenuProps) {
	return (
		<SelectInput
			key={index}
			indicatorComponent={Indicator}
			initialIndex={index}
			isFocused={false}
			itemComponent={MenuRow}
			items={items.map(({value, label, remark, isUnavailable = false, isMuted = false}, row) => ({
				value, label: rowText({
					label, remark, isUnavailable, isMuted, width, isStrong: row === index,
				}),
			}))}
		/>
	);
}

function Indicator({isSelected = false}: {readonly isSelected?: boolean}) {
	return <Text>{marker({isFocused: isSelected}).map(span => paint(span)).join('')}</Text>;
}

function MenuRow({label}: {readonly label: string}) {
	return <Text wrap='truncate'>{label}</Text>;
}

type RowText = Required<Omit<MenuItem, 'value'>> & {readonly width: number; readonly isStrong: boolean};

const rowText = ({label, remark, isUnavailable, isMuted, isStrong, width}: RowText): string => {
	const labelCells = Math.max(labelWidth, widthOf(label) + 2);
	const room = width - labelCells - 4;

	return paint({text: fit(label, labelCells), isMuted, isStrong}) + paint({text: fit(remark, Math.max(0, room)), isMuted: true, tone: isUnavailable ? 'warning' : 'plain'});
};
