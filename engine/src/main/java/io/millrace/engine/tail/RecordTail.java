package io.millrace.engine.tail;

import java.util.concurrent.CompletionStage;
import java.util.function.LongSupplier;
import org.apache.pekko.NotUsed;
import org.apache.pekko.stream.javadsl.Source;

/**
 * The only way to read a shard: its records in order, from history to live, without loss, repeat or
 * gap. Recent records come from memory, older ones from the journal in pages; neither passes
 * through the shard's mailbox or holds up its writer, and a slow reader costs the shard nothing.
 *
 * <p>Positions are counters of {@link io.millrace.engine.model.SequenceNumber}: a position names
 * the first record wanted, whether or not it exists. A position below the trim horizon reads from
 * the horizon. Only durable records are ever seen. Valid in this process only; safe for any thread.
 */
public interface RecordTail {

  /** How far the shard has got. Never goes back. */
  TailState state();

  /**
   * Reads one page.
   *
   * @param fromCounter position of the first record wanted; 0 for the oldest
   * @param maxRecords at most so many, at least 1
   * @param maxBytes at most so many bytes of data and keys, but always one record
   * @param retentionMillis records that arrived so long ago or longer are skipped
   * @return the page; fails with {@link io.millrace.engine.batch.CorruptFrameException} where
   *     stored bytes are corrupt, with {@link TailClosedException} when the shard has stopped or is
   *     being deleted, with {@link io.millrace.engine.keys.KeyStoreException} where the key of
   *     encrypted records is not to be had (nothing is lost), with the storage's error where it
   *     does not answer (trying again may help)
   */
  CompletionStage<TailPage> read(
      long fromCounter, int maxRecords, int maxBytes, long retentionMillis);

  /**
   * The position of the first record that arrived at this time or later, or else the one after the
   * newest record. Found by search: its cost grows with the logarithm of what is stored.
   */
  CompletionStage<Long> locate(long epochMillis);

  /**
   * What is left for a reader at this position, however much it is: looks at one header or two, and
   * searches where records have expired. Fails like {@link #read}.
   *
   * @param fromCounter position of the first record wanted; 0 for the oldest
   * @param retentionMillis records that arrived so long ago or longer do not count
   */
  CompletionStage<Backlog> backlog(long fromCounter, long retentionMillis);

  /**
   * Follows the shard: pages of its records, first what is stored, then each commit as it happens.
   * Each element holds at least one record. Of history one element is read ahead of demand, and
   * what was fetched beyond it is kept for the next: at most 2 MiB as stored, or one larger event.
   * Completes at the end of a closed shard; fails like {@link #read}.
   *
   * <p>Followers who are close to the end are given the same records: each is taken from its bytes
   * once, however many there are.
   *
   * @param fromCounter position of the first record wanted; 0 for the oldest
   * @param maxPageRecords bound of one element, at least 1
   * @param maxPageBytes bound of one element, bytes of data and keys; one larger record comes alone
   * @param retentionMillis records that arrived so long ago or longer are skipped; asked before
   *     each page, on any thread
   */
  Source<TailPage, NotUsed> follow(
      long fromCounter, int maxPageRecords, int maxPageBytes, LongSupplier retentionMillis);
}
