/** Topic of the events backend: an Alertmanager posts to `/api/events/http/alertmanager`. */
export const TOPIC = 'alertmanager';
