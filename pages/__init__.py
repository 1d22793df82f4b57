"""What people see: one file a page, drawn by Streamlit."""
