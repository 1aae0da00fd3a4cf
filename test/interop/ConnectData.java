import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.TimeZone;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.connect.data.SchemaAndValue;
import org.apache.kafka.connect.header.ConnectHeaders;
import org.apache.kafka.connect.header.Header;
import org.apache.kafka.connect.json.JsonConverter;
import org.apache.kafka.connect.sink.SinkRecord;
import org.apache.kafka.connect.storage.Converter;
import org.apache.kafka.connect.storage.HeaderConverter;
import org.apache.kafka.connect.transforms.Transformation;
import org.apache.kafka.connect.transforms.predicates.Predicate;

/**
 * Java's own converters, transforms and predicates. Reads one JSON request a line and prints one answer a line: its result, or `{"error": …}`.
 * A value with its schema travels as the text of Java's JSON converter with its schema: an envelope, or null.
 *
 * write: class, config, envelope, header -> base64 or null.  read: class, config, base64, header -> envelope.
 * transform: class, config, record -> record or null.        predicate: class, config, record -> true or false.
 */
public class ConnectData {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final JsonConverter ENVELOPE = new JsonConverter();

  public static void main(String[] args) throws Exception {
    TimeZone.setDefault(TimeZone.getTimeZone("UTC"));
    ENVELOPE.configure(Map.of("schemas.enable", "true", "replace.null.with.default", "false"), false);
    var in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    var out = new java.io.PrintStream(System.out, true, StandardCharsets.UTF_8);
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      JsonNode answer;
      try {
        answer = answer(JSON.readTree(line));
      } catch (Exception e) {
        StringBuilder because = new StringBuilder();
        for (Throwable cause = e.getCause(); cause != null; cause = cause.getCause()) because.append(" because of ").append(cause);
        answer = JSON.createObjectNode().put("error", e.getClass().getSimpleName() + ": " + e.getMessage() + because);
      }
      out.println(JSON.writeValueAsString(answer));
    }
  }

  private static JsonNode answer(JsonNode request) throws Exception {
    Object made = Class.forName(request.get("class").asText()).getDeclaredConstructor().newInstance();
    Map<String, String> config = new HashMap<>();
    request.get("config").fields().forEachRemaining(e -> config.put(e.getKey(), e.getValue().asText()));
    switch (request.get("do").asText()) {
      case "write": return write(made, config, request);
      case "read": return envelope(read(made, config, request));
      case "transform": return transform(made, config, request.get("record"));
      case "predicate": return predicate(made, config, request.get("record"));
      default: throw new IllegalArgumentException("unknown request");
    }
  }

  private static JsonNode write(Object made, Map<String, String> config, JsonNode request) throws Exception {
    SchemaAndValue data = value(request.get("envelope"));
    byte[] bytes;
    if (request.path("header").asBoolean()) {
      var converter = (HeaderConverter) made;
      config.put("converter.type", "header");
      converter.configure(config);
      bytes = converter.fromConnectHeader("topic", "key", data.schema(), data.value());
    } else {
      var converter = (Converter) made;
      converter.configure(config, false);
      bytes = converter.fromConnectData("topic", data.schema(), data.value());
    }
    return JSON.getNodeFactory().binaryNode(bytes == null ? new byte[0] : bytes);
  }

  private static SchemaAndValue read(Object made, Map<String, String> config, JsonNode request) throws Exception {
    byte[] bytes = request.get("base64").isNull() ? null : request.get("base64").binaryValue();
    if (request.path("header").asBoolean()) {
      var converter = (HeaderConverter) made;
      config.put("converter.type", "header");
      converter.configure(config);
      return converter.toConnectHeader("topic", "key", bytes);
    }
    var converter = (Converter) made;
    converter.configure(config, false);
    return converter.toConnectData("topic", bytes);
  }

  @SuppressWarnings("unchecked")
  private static JsonNode transform(Object made, Map<String, String> config, JsonNode record) throws Exception {
    try (var transform = (Transformation<SinkRecord>) made) {
      transform.configure(config);
      SinkRecord result = transform.apply(record(record));
      if (result == null) return JSON.nullNode();
      ObjectNode out = JSON.createObjectNode().put("topic", result.topic());
      out.put("partition", result.kafkaPartition());
      out.put("timestamp", result.timestamp() == null ? -1 : result.timestamp());
      out.set("key", envelope(new SchemaAndValue(result.keySchema(), result.key())));
      out.set("value", envelope(new SchemaAndValue(result.valueSchema(), result.value())));
      ArrayNode headers = out.putArray("headers");
      for (Header header : result.headers()) {
        headers.addArray().add(header.key()).add(envelope(new SchemaAndValue(header.schema(), header.value())));
      }
      return out;
    }
  }

  @SuppressWarnings("unchecked")
  private static JsonNode predicate(Object made, Map<String, String> config, JsonNode record) throws Exception {
    try (var predicate = (Predicate<SinkRecord>) made) {
      predicate.configure(config);
      return JSON.getNodeFactory().booleanNode(predicate.test(record(record)));
    }
  }

  private static SinkRecord record(JsonNode json) throws Exception {
    SchemaAndValue key = value(json.get("key"));
    SchemaAndValue value = value(json.get("value"));
    ConnectHeaders headers = new ConnectHeaders();
    for (JsonNode header : json.get("headers")) headers.add(header.get(0).asText(), value(header.get(1)));
    long timestamp = json.get("timestamp").asLong();
    return new SinkRecord(json.get("topic").asText(), json.get("partition").asInt(), key.schema(), key.value(), value.schema(), value.value(),
      json.get("offset").asLong(), timestamp == -1 ? null : timestamp, TimestampType.CREATE_TIME, headers);
  }

  private static SchemaAndValue value(JsonNode envelope) {
    return ENVELOPE.toConnectData("topic", envelope.isNull() ? null : envelope.asText().getBytes(StandardCharsets.UTF_8));
  }

  private static JsonNode envelope(SchemaAndValue data) throws Exception {
    if (data == null) return JSON.nullNode();
    byte[] bytes = ENVELOPE.fromConnectData("topic", data.schema(), data.value());
    return bytes == null ? JSON.nullNode() : JSON.getNodeFactory().textNode(new String(bytes, StandardCharsets.UTF_8));
  }
}
