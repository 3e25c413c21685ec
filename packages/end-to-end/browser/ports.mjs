/** Apart from the defaults, so that a portal in use is not in the way. */
export const PORTS = { app: 13000, backend: 17007, models: 17010 };
