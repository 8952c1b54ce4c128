"""The addresses of transfers and connectors, part of the workspace's own (`web:transfers`)."""

from django.urls import path

from backstory.web.views import connectors, transfers

urlpatterns = [
    path("transfers/", transfers.transfers, name="transfers"),
    path("transfers/differences/", transfers.differences, name="transfer_differences"),
    path("transfers/differences/<int:pk>/", transfers.settle_difference, name="settle_difference"),
    path("transfers/files/", transfers.files, name="transfer_files"),
    path("transfers/files/make/", transfers.make_file, name="make_transfer_file"),
    path("transfers/files/answer/", transfers.answer_file, name="answer_transfer_file"),
    path("transfers/files/<int:pk>/", transfers.fetch_file, name="fetch_transfer_file"),
    path("transfers/<int:pk>/", transfers.transfer, name="transfer"),
    path("transfers/<int:pk>/release/", transfers.release, name="release_transfer"),
    path("transfers/<int:pk>/retry/", transfers.retry, name="retry_transfer"),
    path("transfers/<int:pk>/look/", transfers.look, name="look_transfer"),
    path("transfers/<int:pk>/confirm/", transfers.confirm, name="confirm_transfer"),
    path("transfers/<int:pk>/stop/", transfers.stop, name="stop_transfer"),
    path("transfers/<int:pk>/attend/", transfers.attend, name="attend_transfer"),
    path("remedies/<int:pk>/paid/", transfers.mark_carried_out, name="mark_carried_out"),
    path("complaints/<int:pk>/sources/", transfers.ask_source, name="ask_source"),
    path("settings/connectors/", connectors.connectors, name="connectors"),
    path("settings/connectors/add/", connectors.add, name="connector_add"),
    path("settings/connectors/<int:pk>/", connectors.connector, name="connector"),
    path("settings/connectors/<int:pk>/reach/", connectors.set_up, name="connector_set_up"),
    path("settings/connectors/<int:pk>/service/", connectors.service, name="connector_service"),
    path("settings/connectors/<int:pk>/state/", connectors.change_state, name="connector_state"),
    path("settings/connectors/<int:pk>/test/", connectors.test, name="connector_test"),
]
