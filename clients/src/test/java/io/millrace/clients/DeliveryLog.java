package io.millrace.clients;

/** What processors say of themselves. Safe for any thread. */
interface DeliveryLog {

  /** A worker has begun with a shard. */
  void started(String worker, String shard);

  /** A record has come. */
  void delivered(String shard, Numbered record, boolean isAggregated);

  /** A processor has come to the end of its shard. */
  void ended(String shard);

  /** Something has come that never should. */
  void fault(String what);
}
