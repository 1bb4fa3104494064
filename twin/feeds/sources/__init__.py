"""One way in a file: MQTT, HTTP, files, sockets, a simulation."""
