package io.millrace.gateway.call;

import java.util.Map;
import org.reactivestreams.Publisher;

/** What a call is answered with. */
public sealed interface Reply {

  /** The HTTP status. */
  int status();

  /** Headers beside those of the transport. */
  Map<String, String> headers();

  /** An answer in one piece. */
  @SuppressWarnings("ArrayRecordComponent") // handed on, never compared
  record Whole(int status, Map<String, String> headers, byte[] body) implements Reply {}

  /**
   * An open end: messages that are pushed until the publisher completes or the client goes.
   *
   * @param events what is pushed; each is encoded as it comes
   * @param messages how events become messages
   */
  record Pushed(Map<String, String> headers, Publisher<?> events, EventMessages messages)
      implements Reply {

    @Override
    public int status() {
      return 200;
    }
  }
}
