import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Base64;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.TopicPartition;

/** One request, with what the commands read from it. */
public class Request {
  private static final Map<Properties, Admin> ADMINS = new ConcurrentHashMap<>();
  final JsonNode body;

  Request(JsonNode body) {
    this.body = body;
  }

  /** The connection properties of the cluster named by the request, or by one of its fields. */
  Properties client() {
    return client(body);
  }

  static Properties client(JsonNode cluster) {
    Properties properties = new Properties();
    properties.put("bootstrap.servers", cluster.get("bootstrap").asText());
    strings(cluster.path("properties")).forEach(properties::put);
    return properties;
  }

  /** Admin clients live as long as the process. */
  Admin admin() {
    return ADMINS.computeIfAbsent(client(), Admin::create);
  }

  String text(String field) {
    JsonNode value = body.get(field);
    if (value == null) throw new IllegalArgumentException("Missing field " + field);
    return value.asText();
  }

  String text(String field, String otherwise) {
    return body.hasNonNull(field) ? body.get(field).asText() : otherwise;
  }

  int number(String field, int otherwise) {
    return body.hasNonNull(field) ? body.get(field).asInt() : otherwise;
  }

  long number(String field, long otherwise) {
    return body.hasNonNull(field) ? body.get(field).asLong() : otherwise;
  }

  double number(String field, double otherwise) {
    return body.hasNonNull(field) ? body.get(field).asDouble() : otherwise;
  }

  boolean flag(String field, boolean otherwise) {
    return body.hasNonNull(field) ? body.get(field).asBoolean() : otherwise;
  }

  TopicPartition partition() {
    return new TopicPartition(text("topic"), number("partition", 0));
  }

  static Map<String, String> strings(JsonNode object) {
    Map<String, String> map = new HashMap<>();
    for (Iterator<String> names = object.fieldNames(); names.hasNext(); ) {
      String name = names.next();
      map.put(name, object.get(name).asText());
    }
    return map;
  }

  static byte[] bytes(JsonNode value) {
    return value == null || value.isNull() ? null : Base64.getDecoder().decode(value.asText());
  }

  /** Sends one line of the answer ahead of the result. */
  void item(JsonNode item) {
    ObjectNode line = Bridge.JSON.createObjectNode();
    line.set("id", body.get("id"));
    line.set("item", item);
    Bridge.write(line);
  }
}
