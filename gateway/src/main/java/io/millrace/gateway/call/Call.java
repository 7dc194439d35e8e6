package io.millrace.gateway.call;

import io.millrace.gateway.model.ServiceModel;
import java.nio.ByteBuffer;

/**
 * A request as it came.
 *
 * @param method the HTTP method
 * @param uri path and query
 * @param headers its headers
 * @param body its whole body, with an array; its bytes stand until the call is answered
 * @param origin where it comes from
 */
public record Call(String method, String uri, Headers headers, ByteBuffer body, Origin origin) {

  /** A call of which nobody knows where it comes from. */
  public Call(String method, String uri, Headers headers, ByteBuffer body) {
    this(method, uri, headers, body, Origin.UNKNOWN);
  }

  /** Whether it asks for records, in a reply that may be as large as the largest body. */
  public boolean asksForRecords() {
    return headers.first("X-Amz-Target").equals(ServiceModel.TARGET_PREFIX + "GetRecords");
  }

  /** The path, without the query. */
  public String path() {
    int query = uri.indexOf('?');
    return query < 0 ? uri : uri.substring(0, query);
  }
}
