/** Injection tokens of things that are no classes. */
export const CONFIG = Symbol('config');
export const LOGGER = Symbol('logger');
export const CLOCK = Symbol('clock');
/** Name of this process among the nodes of the installation. */
export const NODE_ID = Symbol('node id');
