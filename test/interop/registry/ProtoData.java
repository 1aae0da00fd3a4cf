import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.util.JsonFormat;
import io.apicurio.registry.utils.protobuf.schema.FileDescriptorUtils;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.utils.ByteUtils;

/**
 * Java's Protobuf with the text of a .proto file, which Apicurio's parser reads. One JSON request a line, one JSON answer a line, or `{"error": …}`.
 *
 * schema, package, files (what it imports: path, package, text) and
 * read: base64 (message indexes, message) -> {name, message as Protobuf's JSON}.  write: indexes, message -> base64 of the same.
 */
public class ProtoData {
  private static final ObjectMapper JSON = new ObjectMapper();

  public static void main(String[] args) throws Exception {
    var in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    var out = new java.io.PrintStream(System.out, true, StandardCharsets.UTF_8);
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      JsonNode answer;
      try {
        var request = (ObjectNode) JSON.readTree(line);
        FileDescriptor file = fileOf(request);
        answer = request.get("do").asText().equals("read") ? read(file, request) : write(file, request);
      } catch (Exception e) {
        answer = JSON.createObjectNode().put("error", e.toString());
      }
      out.println(JSON.writeValueAsString(answer));
    }
  }

  private static FileDescriptor fileOf(ObjectNode request) throws Exception {
    Map<String, String> texts = new HashMap<>();
    Map<String, FileDescriptor> files = new HashMap<>();
    for (JsonNode file : request.withArray("files")) {
      String path = file.get("path").asText();
      texts.put(path, file.get("text").asText());
      Optional<String> space = Optional.of(file.get("package").asText());
      files.put(path, FileDescriptorUtils.protoFileToFileDescriptor(file.get("text").asText(), path.substring(path.lastIndexOf('/') + 1), space));
    }
    Optional<String> space = Optional.of(request.get("package").asText());
    return FileDescriptorUtils.protoFileToFileDescriptor(request.get("schema").asText(), "value.proto", space, texts, files);
  }

  private static JsonNode read(FileDescriptor file, JsonNode request) throws Exception {
    ByteBuffer bytes = ByteBuffer.wrap(Base64.getDecoder().decode(request.get("base64").asText()));
    int count = ByteUtils.readVarint(bytes);
    Descriptor type = file.getMessageTypes().get(count == 0 ? 0 : ByteUtils.readVarint(bytes));
    for (int i = 1; i < count; i++) type = type.getNestedTypes().get(ByteUtils.readVarint(bytes));
    DynamicMessage message = DynamicMessage.parseFrom(type, com.google.protobuf.ByteString.copyFrom(bytes));
    String text = JsonFormat.printer().includingDefaultValueFields().preservingProtoFieldNames().print(message);
    return JSON.createObjectNode().put("name", type.getFullName()).set("message", JSON.readTree(text));
  }

  private static JsonNode write(FileDescriptor file, JsonNode request) throws Exception {
    JsonNode indexes = request.get("indexes");
    List<Descriptor> among = file.getMessageTypes();
    Descriptor type = null;
    for (JsonNode index : indexes) {
      type = among.get(index.asInt());
      among = type.getNestedTypes();
    }
    DynamicMessage.Builder message = DynamicMessage.newBuilder(type);
    JsonFormat.parser().merge(request.get("message").toString(), message);
    ByteBuffer prefix = ByteBuffer.allocate(5 * (indexes.size() + 1));
    ByteUtils.writeVarint(indexes.size(), prefix);
    for (JsonNode index : indexes) ByteUtils.writeVarint(index.asInt(), prefix);
    var bytes = new ByteArrayOutputStream();
    bytes.write(prefix.array(), 0, prefix.position());
    message.build().writeTo(bytes);
    return JSON.getNodeFactory().textNode(Base64.getEncoder().encodeToString(bytes.toByteArray()));
  }
}
