/** rhea's frame constructors: the package has no typings for them. */
declare module "rhea/lib/frames.js" {
  const frames: { disposition(fields: object): unknown };
  export = frames;
}
