/** Stands in for ink's optional developer tools, which a bundle must not pull in. */
const nothing = {};

export default nothing;
