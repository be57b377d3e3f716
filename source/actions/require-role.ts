import {UserError} from '../errors.ts';
import type {Context} from './context.ts';

/**
For what only administrators may do.
@throws UserError `refused` unless an administrator acts.
*/
export const requireAdministrator = ({actor}: Pick<Context, 'actor'>): void => {
	if (actor.role !== 'administrator') {
		throw new UserError('This is for administrators.', {code: 'refused', hint: 'Ask an administrator of this server.'});
	}
};

/**
For what administrators and operators may do.
@throws UserError `refused` for others.
*/
export const requireOperator = ({actor}: Pick<Context, 'actor'>): void => {
	if (actor.role === 'user') {
		throw new UserError('This is for administrators and operators.', {code: 'refused', hint: 'Ask one of this server.'});
	}
};
