"""What is done every day without anybody asking: once, by whichever process lives, again when it fails."""
