export interface Config {
  modelDelivery?: {
    /** Versions from Shelf. Without it the module is off. */
    shelf?: {
      /** Such as `https://shelf.example.com`; a path is kept as prefix. */
      url: string;
      /** Sent as `Authorization: Bearer …`. @visibility secret */
      token?: string;
      /** What Shelf signs its webhooks with. Without it they are not let in. @visibility secret */
      webhookSecret?: string;
    };
  };
}
